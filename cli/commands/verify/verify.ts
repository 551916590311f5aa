import { describe } from '../../../lib/errors.ts';
import type { Failure, Result } from '../../../lib/errors.ts';
import type { CallerIdentity } from '../../../lib/identity/caller-identity.ts';
import { partitionIds, regionalStsHost, stsHosts } from '../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../lib/identity/partitions.ts';
import { parseToken } from '../../../lib/token/parse/token.ts';
import { createStsTransport } from '../../../lib/token/sts.ts';
import type { AskSts } from '../../../lib/token/sts.ts';
import { resolveRegion } from '../../aws/region.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { readStdin } from '../../files.ts';
import { isLoopback } from '../../../lib/net/loopback.ts';
import { textAt } from '../../json.ts';
import { fields, printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

async function readToken({ input, terminal }: Pick<Context, 'input' | 'terminal'>): Promise<string> {
  const given = input.text('token');
  if (given !== undefined) return given;
  if (terminal.interactive) throw wrongUsage('There is no token: give -t, or pipe one in.');
  const text = (await readStdin()).trim();
  if (text === '') throw wrongUsage('There is no token: give -t, or pipe one in.');
  return text.startsWith('{') ? tokenOfCredential(text) : text;
}

/** What `countersign token` and `aws eks get-token` print is taken whole. */
function tokenOfCredential(text: string): string {
  try {
    const token = textAt(JSON.parse(text), 'status.token');
    if (token !== undefined) return token;
  } catch {
    // Said below.
  }
  throw wrongUsage('stdin holds neither a token nor an ExecCredential.');
}

/** STS itself, or what `AWS_ENDPOINT_URL_STS` names: a stand-in on loopback, or the interface endpoint of a region. */
export function stsTransport(env: NodeJS.ProcessEnv): AskSts {
  const endpoint = env['AWS_ENDPOINT_URL_STS'] || env['AWS_ENDPOINT_URL'];
  if (!endpoint) return createStsTransport();
  const origin = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const host = regionalStsHost(resolveRegion(env) ?? 'us-east-1');
  if (origin === undefined || host === undefined) throw wrongUsage('AWS_ENDPOINT_URL_STS must be a URL.');
  try {
    return createStsTransport({
      endpoint: origin.origin,
      reach: isLoopback(origin.hostname) ? 'all' : { host },
    });
  } catch (error) {
    throw wrongUsage('AWS_ENDPOINT_URL_STS must be https://<host>, or http://<host> on loopback.', error);
  }
}

/** Checks a token as the server does, and has STS say whose it is. */
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

const shown = (result: Result<CallerIdentity>, clusterId: string): Readonly<Record<string, unknown>> =>
  result.ok
    ? { clusterId, outcome: 'verified', ...result.value }
    : {
        clusterId,
        outcome: result.failure.outcome,
        code: result.failure.code,
        detail: describe(result.failure),
      };

const exitCodeOf = (failure: Failure): 1 | 3 =>
  failure.outcome === 'denied' ? exitCodes.no : exitCodes.failed;

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = input.required('clusterId');
  const partition = partitionIds.find((id) => id === input.text('partition')) ?? 'aws';
  const result = await verifyHere(await readToken(context), { clusterId, partition }, context);
  const verdict = shown(result, clusterId);
  const format = input.text('output') ?? 'table';
  if (format !== 'table') await printValue(context, format, verdict);
  else {
    const { clusterId: _, principal: _principal, ...rest } = verdict;
    terminal.data(fields([['cluster', clusterId], ...Object.entries(rest)], terminal));
  }
  return result.ok ? exitCodes.done : exitCodeOf(result.failure);
};
