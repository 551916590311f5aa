/**
 * A whole review: from an apiserver's request to a decision. Read this first; each step is one jump away.
 *
 * Order: cheap and local first, the network last. A token of another authenticator costs no call of STS, and none of DynamoDB
 * but for the cluster, which is cached. What could not be found out is *unavailable*, never *denied*.
 */
import { authenticateCluster } from './authenticate-cluster.ts';
import type { ClusterReader } from './authenticate-cluster.ts';
import { callerError } from '../errors.ts';
import type { Denied, Instant, Unavailable } from '../errors.ts';
import type { StsHost } from '../identity/partitions.ts';
import type { Answerable, Verified } from '../kubernetes/answer.ts';
import { parseTokenReview } from '../kubernetes/token-review.ts';
import type { InstanceReader } from '../resolve/instance.ts';
import { lookupFor, matchEntries, resolveUser } from '../resolve/resolve.ts';
import type { Cluster } from '../records/cluster.ts';
import type { ReviewTrace } from './trace.ts';
import type { ReviewReader } from '../store/ports.ts';
import { parseToken } from '../token/parse/token.ts';
import type { UnverifiedRequest } from '../token/parse/unverified-request.ts';
import type { Verifier } from '../token/verify.ts';

/** The ports of a decision. None throws, and each returns when its signal aborts. */
export interface DecisionDependencies {
  readonly hosts: ReadonlyMap<string, StsHost>;
  readonly verifier: Verifier;
  readonly store: Pick<ReviewReader, 'readEntries'>;
  readonly instances: InstanceReader;
  readonly clock: () => Instant;
}

export interface ReviewDependencies extends DecisionDependencies {
  readonly clusters: ClusterReader;
}

export interface ReviewRequest {
  readonly clusterId: string;
  readonly webhookToken: string | undefined;
  /** A TokenReview. */
  readonly body: Uint8Array;
}

/** Decides one request; `trace` collects what the log may hold. */
export async function reviewToken(
  dependencies: ReviewDependencies,
  request: ReviewRequest,
  trace: ReviewTrace,
  signal: AbortSignal,
): Promise<Answerable> {
  const found = await authenticateCluster(dependencies.clusters, request, signal);
  if (!found.ok) return found.failure;
  const cluster = found.value;
  trace.note({ cluster: cluster.id });

  const review = parseTokenReview(request.body);
  if (!review.ok) return callerError('bad_request', review.failure);
  trace.note({ apiVersion: review.value.apiVersion });

  return decideToken(dependencies, { cluster, token: review.value.token }, trace, signal);
}

/** Decides one token on one cluster. */
export async function decideToken(
  dependencies: DecisionDependencies,
  { cluster, token }: { readonly cluster: Cluster; readonly token: string },
  trace: ReviewTrace,
  signal: AbortSignal,
): Promise<Verified | Denied | Unavailable> {
  const { hosts, clock } = dependencies;
  const parsed = parseToken(token, { hosts, partition: cluster.partition, now: clock() });
  if (!parsed.ok) return parsed.failure;
  return decideRequest(dependencies, { cluster, request: parsed.value }, trace, signal);
}

/** Decides one parsed token on one cluster: the part that `whoami` shares with a review. */
export async function decideRequest(
  { verifier, store, instances, clock }: DecisionDependencies,
  { cluster, request }: { readonly cluster: Cluster; readonly request: UnverifiedRequest },
  trace: ReviewTrace,
  signal: AbortSignal,
): Promise<Verified | Denied | Unavailable> {
  trace.note({ stsHost: request.host });
  const verified = await verifier.verify(request, cluster.id, signal);
  trace.note({ identityCacheHit: verified.cacheHit, stsDuration: verified.stsMilliseconds });
  if (!verified.ok) return verified.failure;
  const identity = verified.value;
  trace.note({ identity });

  const lookup = lookupFor(identity, cluster);
  const entries = await trace.time('storeDuration', store.readEntries(lookup, signal));
  if (!entries.ok) return entries.failure;

  const match = matchEntries(identity, cluster, entries.value, clock());
  if (!match.ok) return match.failure;
  const question = match.value.instance;
  const instance = question === undefined ? undefined : await instances.readInstance(question, signal);
  if (instance?.ok === false) return instance.failure;

  const resolved = resolveUser(match.value, instance?.value);
  if (!resolved.ok) return resolved.failure;
  trace.note({ user: resolved.value });
  return { outcome: 'verified', identity, user: resolved.value };
}
