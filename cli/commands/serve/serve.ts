import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { ConfigError, readTokenReviewConfig } from '../../../lib/config.ts';
import type { TokenReviewConfig } from '../../../lib/config.ts';
import { createLambdaHandler } from '../../../lib/http/lambda-handler.ts';
import { createListener } from '../../../lib/http/node-server.ts';
import { createTokenReviewHandler } from '../../../lib/http/token-review.ts';
import { createWhoamiHandler } from '../../../lib/http/whoami.ts';
import { allSinks } from '../../../lib/log/decision-event.ts';
import { createDecisionLog } from '../../../lib/log/decision-log.ts';
import { scrubbingWriter } from '../../../lib/log/scrub.ts';
import { describeThrown } from '../../../lib/log/thrown.ts';
import { createReviewDependencies } from '../../../lib/review/adapters.ts';
import { refreshedCredentials } from '../../aws/credentials.ts';
import { resolveRegion } from '../../aws/region.ts';
import { exitCodes, messageOf, wrongUsage } from '../../exit.ts';
import { selfSigned } from '../../serve/certificate.ts';
import type { CertificateFiles } from '../../serve/certificate.ts';
import { createMetrics, withMetrics } from '../../serve/metrics.ts';
import { listen, untilStopped, watchCertificate } from '../../serve/server.ts';
import type { Context, Run } from '../../spec.ts';
import { version } from '../../../lib/version.ts';
import { shellWord } from '../../../lib/shell-word.ts';

function readConfig(env: NodeJS.ProcessEnv): TokenReviewConfig {
  try {
    return readTokenReviewConfig({ ...env, AWS_REGION: resolveRegion(env) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw wrongUsage(messageOf(error), error);
  }
}

/** The same handlers as on Lambda, and what Prometheus scrapes. */
async function createServeListener(context: Context, config: TokenReviewConfig): Promise<RequestListener> {
  const { terminal, env, now } = context;
  const credentials = refreshedCredentials({ env, terminal, region: config.region }, now);
  await credentials();
  const dependencies = createReviewDependencies(config, { credentials, clock: now });
  const write = scrubbingWriter(config.scrubbedAccounts, (line) => terminal.data(line));
  const metrics = createMetrics(version);
  const decisions = {
    clock: now,
    newId: randomUUID,
    sink: allSinks(createDecisionLog(config.logLevel, write), metrics),
    scrubbedAccounts: config.scrubbedAccounts,
  };
  const review = createLambdaHandler(createTokenReviewHandler(dependencies, decisions), write);
  const whoami = context.input.flag('whoami')
    ? createLambdaHandler(createWhoamiHandler(dependencies, decisions), write)
    : undefined;
  const listener = createListener(
    ({ rawPath }) => (whoami !== undefined && rawPath.endsWith('/whoami') ? whoami : review),
    {
      onError: (error) =>
        write(`${JSON.stringify({ level: 'error', event: 'unhandled', ...describeThrown(error) })}\n`),
    },
  );
  return withMetrics(listener, metrics);
}

async function certificateFiles(
  { input, terminal, now }: Context,
  address: string,
): Promise<CertificateFiles> {
  const cert = input.text('tlsCert');
  const key = input.text('tlsKey');
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined || key !== undefined) throw wrongUsage('--tls-cert and --tls-key go together.');
  const names = new Set(['localhost', '127.0.0.1', address, ...(input.list('hostname') ?? [])]);
  const { files, isNew } = await selfSigned(input.required('stateDir'), [...names], now());
  if (isNew) terminal.say(`Created a self-signed certificate for ${[...names].join(', ')}.`);
  terminal.say(`Apiservers must trust it: countersign init --certificate-authority ${shellWord(files.cert)}`);
  return files;
}

export const run: Run = async (context) => {
  const { input, terminal, env } = context;
  const config = readConfig(env);
  const address = input.required('address');
  const port = input.integer('port', { min: 0, max: 65_535 }) ?? 0;
  const graceSeconds = input.integer('shutdownGrace', { min: 0, max: 3600 }) ?? 10;
  const listener = await createServeListener(context, config);
  const files = await certificateFiles(context, address);
  const { server, port: actual } = await listen(listener, files, { address, port });
  const say = (line: string): void => terminal.say(line);
  watchCertificate(server, files, say);
  const host = address.includes(':') ? `[${address}]` : address;
  say(`Countersign serves reviews at https://${host}:${actual}, with /healthz and /metrics.`);
  await untilStopped(server, graceSeconds, say);
  return exitCodes.done;
};
