/** Verifies a token on this machine, as the server does. */
import type { Result } from '../../../lib/errors.ts';
import type { CallerIdentity } from '../../../lib/identity/caller-identity.ts';
import { regionalStsHost, stsHosts } from '../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../lib/identity/partitions.ts';
import { parseToken } from '../../../lib/token/parse/token.ts';
import { createStsTransport } from '../../../lib/token/sts.ts';
import type { AskSts } from '../../../lib/token/sts.ts';
import { resolveRegion } from '../../aws/region.ts';
import { stsEndpoint } from '../../aws/sts-endpoint.ts';
import { wrongUsage } from '../../exit.ts';
import { isLoopback } from '../../../lib/net/loopback.ts';
import type { Context } from '../../spec.ts';

/** STS itself, or `AWS_ENDPOINT_URL_STS`: a stand-in on loopback, or the interface endpoint of a region. */
function stsTransport(env: NodeJS.ProcessEnv): AskSts {
  const endpoint = stsEndpoint(env);
  if (endpoint === undefined) return createStsTransport();
  const host = regionalStsHost(resolveRegion(env) ?? 'us-east-1');
  if (host === undefined) throw wrongUsage('AWS_ENDPOINT_URL_STS needs the AWS_REGION of the endpoint.');
  const reach = isLoopback(endpoint.hostname) ? 'all' : { host };
  return createStsTransport({ endpoint: endpoint.origin, reach });
}

/** Parses the token with the server's rules, then asks STS whose it is. */
export async function verifyHere(
  token: string,
  { clusterId, partition }: { readonly clusterId: string; readonly partition: PartitionId },
  { env, now }: Pick<Context, 'env' | 'now'>,
): Promise<Result<CallerIdentity>> {
  const extra = (env['COUNTERSIGN_EXTRA_STS_REGIONS'] ?? '').split(',').filter((region) => region !== '');
  const hosts = stsHosts(extra);
  const parsed = parseToken(token, { partition, hosts, now: now() });
  return parsed.ok ? stsTransport(env)(parsed.value, clusterId) : parsed;
}
