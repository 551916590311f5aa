import type { RequestListener } from 'node:http';
import { ConfigError, readTokenReviewConfig } from '../../../lib/config.ts';
import type { TokenReviewConfig } from '../../../lib/config.ts';
import { refreshedCredentials } from '../../aws/credentials.ts';
import { resolveRegion } from '../../aws/region.ts';
import { exitCodes, messageOf, wrongUsage } from '../../exit.ts';
import { selfSigned } from '../../serve/certificate.ts';
import type { CertificateFiles } from '../../serve/certificate.ts';
import { readClusterRate } from '../../serve/cluster-rate.ts';
import { createServeListener } from '../../serve/listener.ts';
import { listen, untilStopped, watchCertificate } from '../../serve/server.ts';
import type { Context, Run } from '../../spec.ts';
import { shellWord } from '../../../lib/shell-word.ts';

function readConfig(env: NodeJS.ProcessEnv): TokenReviewConfig {
  try {
    return readTokenReviewConfig({ ...env, AWS_REGION: resolveRegion(env) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw wrongUsage(messageOf(error), error);
  }
}

async function createListener(context: Context, config: TokenReviewConfig): Promise<RequestListener> {
  const { input, terminal, env, now } = context;
  const clusterRate = readClusterRate(input);
  const credentials = refreshedCredentials({ env, terminal, region: config.region }, now);
  await credentials();
  return createServeListener({
    config,
    environment: { credentials, clock: now },
    clusterRate,
    whoami: input.flag('whoami'),
    write: (line) => terminal.data(line),
  });
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
  const maxConnections = input.integer('maxConnections', { min: 1, max: 100_000 }) ?? Infinity;
  const listener = await createListener(context, config);
  const files = await certificateFiles(context, address);
  const { server, port: actual } = await listen(listener, files, { address, port, maxConnections });
  const say = (line: string): void => terminal.say(line);
  watchCertificate(server, files, say);
  const host = address.includes(':') ? `[${address}]` : address;
  say(`Countersign serves reviews at https://${host}:${actual}, with /healthz and /metrics.`);
  await untilStopped(server, graceSeconds, say);
  return exitCodes.done;
};
