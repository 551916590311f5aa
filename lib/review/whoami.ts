/**
 * Reports to the holder of a token their identity at AWS, and why they are, or are not, admitted. It does not reveal which
 * clusters exist, nor that an admin has denied the holder: both have the answer of a cluster without mappings, after the same
 * reads.
 */
import type { ClusterReader } from './authenticate-cluster.ts';
import { denied, unavailable } from '../errors.ts';
import type { Denied, Unavailable } from '../errors.ts';
import type { ReportedIdentity } from '../identity/caller-identity.ts';
import type { Verified } from '../kubernetes/answer.ts';
import type { Cluster } from '../records/cluster.ts';
import { clusterIdPattern } from '../records/scope.ts';
import { decideRequest } from './review-token.ts';
import type { DecisionDependencies } from './review-token.ts';
import type { ReviewTrace } from './trace.ts';
import { parseToken } from '../token/parse/token.ts';
import type { UnverifiedRequest } from '../token/parse/unverified-request.ts';

export interface WhoamiDependencies extends DecisionDependencies {
  /** Not cached: what is cached of a cluster that exists would answer sooner. */
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
  // By the partition of its own host: that of the cluster would reveal that there is one.
  const parsed = parseToken(token, { hosts, partition: 'any', now: clock() });
  if (!parsed.ok) return parsed.failure;
  // No cluster has such an id, so there is nothing to hide; and STS must not be sent such a header.
  if (!clusterIdPattern.test(clusterId)) return denied('signature_mismatch', { clusterId }).failure;

  const found = await clusters.readCluster(clusterId, signal);
  if (!found.ok) return found.failure;
  const request = parsed.value;
  if (found.value !== undefined) {
    const { cluster } = found.value;
    trace.note({ cluster: cluster.id });
    return decideRequest(dependencies, { cluster, request }, trace, signal);
  }
  const cluster = missingCluster(clusterId, request);
  const decision = await decideRequest(dependencies, { cluster, request }, trace, signal);
  // What was read decides nothing but whether it could be read.
  return trace.notes.identity === undefined || decision.outcome === 'unavailable'
    ? decision
    : notMapped(trace.notes.identity, clusterId);
}

const notMapped = ({ canonicalArn }: ReportedIdentity, clusterId: string): Denied =>
  denied('principal_not_mapped', { canonicalArn, clusterId, maybeNoCluster: true }).failure;

/** Stands for a cluster that does not exist, so that the same is asked and read about it. */
const missingCluster = (id: string, { partition }: UnverifiedRequest): Cluster => ({
  id,
  partition,
  sets: [],
  adminGroups: [],
  disabled: true,
});

/**
 * What the holder of the token may know of a decision: not that there is no such cluster, that it is disabled, that an admin denied
 * them, nor that an item which cannot be read is a denial of them.
 * @param identity as STS reported it; `undefined` if the decision did not get that far
 */
export function toPublic(
  decision: Decision,
  clusterId: string,
  identity: ReportedIdentity | undefined,
): Decision {
  if (decision.outcome === 'denied' && identity !== undefined && isHidden(decision)) {
    return notMapped(identity, clusterId);
  }
  return decision.outcome === 'unavailable' &&
    decision.code === 'store_unavailable' &&
    decision.data.item !== undefined
    ? unavailable('store_unavailable', { cause: 'unreadable item' }).failure
    : decision;
}

const isHidden = ({ code }: Denied): boolean =>
  code === 'principal_denied' || code === 'cluster_disabled' || code === 'principal_not_mapped';
