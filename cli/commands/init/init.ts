import { basename, resolve } from 'node:path';
import { clusterIdPattern } from '../../../lib/records/scope.ts';
import { hashWebhookToken, newWebhookToken } from '../../../lib/token/webhook-token.ts';
import { createAdminClient, path } from '../../admin-client/client.ts';
import { apiserverFlags } from '../../connect/connection.ts';
import type { Connection } from '../../connect/connection.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { compact } from '../../json.ts';
import { yamlText } from '../../terminal/output.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { findReviewHost } from '../../review-host.ts';
import { createWebhookToken } from '../new-webhook-token.ts';
import { readPem } from '../read-pem.ts';
import type { Context, Run } from '../../spec.ts';
import { checkFiles, connectFiles, writeFiles } from './connect-files.ts';
import type { ConnectFile } from './connect-files.ts';

const cluster = ({ input }: Pick<Context, 'input'>, id: string): Readonly<Record<string, unknown>> =>
  compact({ id, partition: input.text('partition'), sets: input.list('set') });

/** Creates the cluster if it does not exist, and a new webhook token in any case, which `save` writes to files. */
async function register(context: Context, id: string, save: (webhookToken: string) => void): Promise<void> {
  const client = createAdminClient(context);
  const route = path`/v1/clusters/${id}`;
  const known = await client.find(route);
  if (known === undefined) {
    const { id: _, ...fields } = cluster(context, id);
    await client.call('PUT', route, { body: fields });
  }
  await createWebhookToken(client, id, ({ token }) => {
    context.terminal.say(
      known === undefined
        ? `Registered cluster ${id}, with a webhook token.`
        : `Cluster ${id} was registered already: created another webhook token for it.`,
    );
    save(token);
  });
}

function certificateAuthority({ input }: Pick<Context, 'input'>): Pick<Connection, 'certificateAuthority'> {
  const file = input.text('certificateAuthority');
  return file === undefined ? {} : { certificateAuthority: readPem(file) };
}

const flags = (output: string): string =>
  Object.entries(apiserverFlags({ kubeconfig: resolve(output) }))
    .map(([name, value]) => `--${name}=${value}\n`)
    .join('');

/** `apply` deletes the records that a list of its desired state leaves out. */
const offlineNote =
  '# Put this into the clusters of your desired state, then: countersign apply -f <file>.\n' +
  '# Clusters that its list leaves out are deleted.\n';

/** @throws CliFailure (exit 2) if the options are not enough */
function clusterIdOf({ input }: Context): string {
  const clusterId = input.required('clusterId');
  if (!clusterIdPattern.test(clusterId)) {
    throw wrongUsage(
      'A cluster id has 1 to 100 letters, digits, dots, underscores and hyphens, a letter or digit first.',
    );
  }
  if (input.flag('offline') && input.text('reviewEndpoint') === undefined) {
    throw wrongUsage('--offline does not ask the admin API for the review host: give --review-endpoint.');
  }
  return clusterId;
}

/** The record of the cluster, to stdout. */
async function printRecord(context: Context, clusterId: string, webhookToken: string): Promise<void> {
  const record = {
    ...cluster(context, clusterId),
    webhookTokenHashes: [hashWebhookToken(webhookToken)],
  };
  context.terminal.data(offlineNote + (await yamlText({ clusters: [record] })));
  context.terminal.say('Apply the record on stdout to register the cluster.');
}

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = clusterIdOf(context);
  const isOffline = input.flag('offline');
  const authority = certificateAuthority(context);
  const host = await findReviewHost(context);
  const output = input.text('output') ?? 'webhook-kubeconfig.yaml';
  const s3Prefix = input.text('s3Prefix');
  const filesWith = (webhookToken: string): readonly ConnectFile[] => {
    const connection: Connection = {
      clusterId,
      reviewEndpoint: host.href,
      webhookToken,
      ...authority,
      separateToken: input.text('tokenFile') !== undefined,
      ...(s3Prefix === undefined ? {} : { s3Prefix }),
    };
    return connectFiles(context, connection, output);
  };
  const offlineToken = newWebhookToken();
  checkFiles(filesWith(offlineToken));
  if (isOffline) {
    writeFiles(context, filesWith(offlineToken));
    await printRecord(context, clusterId, offlineToken);
  } else {
    await register(context, clusterId, (webhookToken) => writeFiles(context, filesWith(webhookToken)));
  }
  if (input.text('format') === undefined) printFlags(terminal, output, isOffline);
  return exitCodes.done;
};

/** To stderr if stdout holds the cluster's record. */
function printFlags(terminal: Terminal, output: string, isOffline: boolean): void {
  terminal.say(`Give the apiserver these flags (with the path of ${basename(output)} on its host):`);
  if (isOffline) terminal.say(flags(output).trimEnd());
  else terminal.data(flags(output));
}
