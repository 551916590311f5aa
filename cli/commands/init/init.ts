import { basename, dirname, join, resolve } from 'node:path';
import { clusterIdPattern } from '../../../lib/records/scope.ts';
import { hashWebhookToken, newWebhookToken } from '../../../lib/token/webhook-token.ts';
import { createAdminClient, path } from '../../admin-client/client.ts';
import { apiserverFlags, connectFormats, webhookKubeconfig } from '../../connect/connection.ts';
import type { Connection } from '../../connect/connection.ts';
import { renderConnect } from '../../connect/render.ts';
import { exitCodes, failure, wrongUsage } from '../../exit.ts';
import { writeFile } from '../../files.ts';
import { compact, textAt } from '../../json.ts';
import { yamlText } from '../../terminal/output.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { findReviewHost } from '../../review-host.ts';
import { readPem } from '../read-pem.ts';
import type { Context, Run } from '../../spec.ts';

type Token = Pick<Connection, 'webhookToken'>;

const cluster = ({ input }: Pick<Context, 'input'>, id: string): Readonly<Record<string, unknown>> =>
  compact({ id, partition: input.text('partition'), sets: input.list('set') });

/** Creates the cluster if it does not exist, and a new webhook token in any case. */
async function register(context: Context, id: string): Promise<Token> {
  const client = createAdminClient(context);
  const route = path`/v1/clusters/${id}`;
  const known = await client.find(route);
  if (known === undefined) {
    const { id: _, ...fields } = cluster(context, id);
    await client.call('PUT', route, { body: fields });
  }
  const webhookToken = textAt(await client.call('POST', `${route}/webhook-tokens`), 'token');
  if (webhookToken === undefined) throw failure('The admin API answered without a token.');
  context.terminal.say(
    known === undefined
      ? `Registered cluster ${id}, with a webhook token.`
      : `Cluster ${id} was registered already: created another webhook token for it.`,
  );
  return { webhookToken };
}

function certificateAuthority({ input }: Pick<Context, 'input'>): Pick<Connection, 'certificateAuthority'> {
  const file = input.text('certificateAuthority');
  return file === undefined ? {} : { certificateAuthority: readPem(file) };
}

/** The path to write a file to: kubeconfig and token have options, the others go into the kubeconfig's folder. */
function fileOf(name: string, output: string, tokenFile: string | undefined): string {
  if (name === 'webhook-kubeconfig.yaml') return output;
  return name === 'webhook-token' && tokenFile !== undefined ? tokenFile : join(dirname(output), name);
}

function writeFiles({ input, terminal }: Context, connection: Connection, output: string): void {
  const tokenFile = input.text('tokenFile');
  const format = connectFormats.find((format) => format === input.text('format'));
  if (format !== undefined) {
    for (const { title, file, secret, content } of renderConnect(format, connection)) {
      const target = fileOf(file, output, tokenFile);
      writeFile(target, content, secret || target === output ? 0o600 : 0o644);
      terminal.say(`${target}: ${title}`);
    }
    return;
  }
  const credential =
    tokenFile === undefined ? { token: connection.webhookToken } : { tokenFile: resolve(tokenFile) };
  writeFile(output, webhookKubeconfig(connection, credential), 0o600);
  terminal.say(`${output}: the apiserver's webhook kubeconfig.`);
  if (tokenFile !== undefined) {
    writeFile(tokenFile, `${connection.webhookToken}\n`, 0o600);
    terminal.say(`${tokenFile}: the webhook token. The apiserver reads the file again when it changes.`);
  }
}

const flags = (output: string): string =>
  Object.entries(apiserverFlags({ kubeconfig: resolve(output) }))
    .map(([name, value]) => `--${name}=${value}\n`)
    .join('');

/** `apply` deletes the records that a list of its desired state leaves out. */
const offlineNote =
  '# Put this into the clusters of your desired state, then: countersign apply -f <file>.\n' +
  '# Clusters that its list leaves out are deleted.\n';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = input.required('clusterId');
  if (!clusterIdPattern.test(clusterId)) {
    throw wrongUsage(
      'A cluster id has 1 to 100 letters, digits, dots, underscores and hyphens, a letter or digit first.',
    );
  }
  const isOffline = input.flag('offline');
  if (isOffline && input.text('reviewEndpoint') === undefined) {
    throw wrongUsage('--offline does not ask the admin API for the review host: give --review-endpoint.');
  }
  const authority = certificateAuthority(context);
  const host = await findReviewHost(context);
  const token = isOffline ? { webhookToken: newWebhookToken() } : await register(context, clusterId);
  const output = input.text('output') ?? 'webhook-kubeconfig.yaml';
  const s3Prefix = input.text('s3Prefix');
  const connection: Connection = {
    clusterId,
    reviewEndpoint: host.href,
    ...token,
    ...authority,
    separateToken: input.text('tokenFile') !== undefined,
    ...(s3Prefix === undefined ? {} : { s3Prefix }),
  };
  writeFiles(context, connection, output);
  const hasFormat = input.text('format') !== undefined;
  if (isOffline) {
    const record = {
      ...cluster(context, clusterId),
      webhookTokenHashes: [hashWebhookToken(token.webhookToken)],
    };
    terminal.data(offlineNote + (await yamlText({ clusters: [record] })));
    terminal.say('Apply the record on stdout to register the cluster.');
  }
  if (!hasFormat) printFlags(terminal, output, isOffline);
  return exitCodes.done;
};

/** To stderr if stdout holds the cluster's record. */
function printFlags(terminal: Terminal, output: string, isOffline: boolean): void {
  terminal.say(`Give the apiserver these flags (with the path of ${basename(output)} on its host):`);
  if (isOffline) terminal.say(flags(output).trimEnd());
  else terminal.data(flags(output));
}
