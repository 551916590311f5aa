/**
 * Reports to the holder of a token their identity at AWS, and why they are, or are not, admitted. It reveals nothing else: the
 * answer for an unknown cluster is that for a token which STS refuses, and a denial shows as `principal_not_mapped`.
 */
import type { ClusterReader } from './authenticate-cluster.ts';
import { denied, unavailable } from '../errors.ts';
import type { Denied, Unavailable } from '../errors.ts';
import type { Verified } from '../kubernetes/answer.ts';
import { clusterIdPattern } from '../records/scope.ts';
import { decideToken } from './review-token.ts';
import type { DecisionDependencies } from './review-token.ts';
import type { ReviewTrace } from './trace.ts';
import { parseToken } from '../token/parse/token.ts';

export interface WhoamiDependencies extends DecisionDependencies {
  readonly clusters: Pick<ClusterReader, 'readCluster'>;
}

export interface WhoamiRequest {
  readonly clusterId: string;
  readonly token: string;
}

export type Decision = Verified | Denied | Unavailable;

/** Decides as a review does. The result is for the log; {@link toPublic} is what the holder may see of it. */
export async function whoami(
  dependencies: WhoamiDependencies,
  { clusterId, token }: WhoamiRequest,
  trace: ReviewTrace,
  signal: AbortSignal,
): Promise<Decision> {
  const { hosts, clock, clusters } = dependencies;
  // A token that is wrong in every partition needs no cluster, so a flood of garbage costs no read.
  const inAnyPartition = parseToken(token, { hosts, partition: 'aws', now: clock() });
  if (!inAnyPartition.ok && inAnyPartition.failure.code !== 'host_not_listed') return inAnyPartition.failure;

  const found = clusterIdPattern.test(clusterId)
    ? await clusters.readCluster(clusterId, signal)
    : ({ ok: true, value: undefined } as const);
  if (!found.ok) return found.failure;
  if (found.value === undefined) return unknownCluster(dependencies, { clusterId, token }, trace, signal);

  const { cluster } = found.value;
  trace.note({ cluster: cluster.id });
  return decideToken(dependencies, { cluster, token }, trace, signal);
}

/**
 * STS is asked as for a cluster that exists, so that neither the refusal nor its duration reveals that there is no such
 * cluster.
 */
async function unknownCluster(
  { hosts, clock, verifier }: WhoamiDependencies,
  { clusterId, token }: WhoamiRequest,
  trace: ReviewTrace,
  signal: AbortSignal,
): Promise<Decision> {
  const parsed = parseToken(token, { hosts, partition: 'aws', now: clock() });
  if (!parsed.ok) return parsed.failure;
  const refused = denied('signature_mismatch', { clusterId }).failure;
  if (!clusterIdPattern.test(clusterId)) return refused;
  const verified = await verifier.verify(token, parsed.value, clusterId, signal);
  trace.note({ identityCacheHit: verified.cacheHit, stsDuration: verified.stsMilliseconds });
  return verified.ok ? refused : verified.failure;
}

/**
 * What the holder of the token may know of a decision: not that an admin denied them, nor that an item which cannot be read is a
 * denial of them.
 */
export function toPublic(decision: Decision, clusterId: string): Decision {
  if (decision.outcome === 'denied' && decision.code === 'principal_denied') {
    return denied('principal_not_mapped', { canonicalArn: decision.data.canonicalArn, clusterId }).failure;
  }
  return decision.outcome === 'unavailable' &&
    decision.code === 'store_unavailable' &&
    decision.data.item !== undefined
    ? unavailable('store_unavailable', { cause: 'unreadable item' }).failure
    : decision;
}
