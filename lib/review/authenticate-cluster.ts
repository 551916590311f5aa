/** Authenticates an apiserver for its cluster: the webhook token must be one of that cluster's. */
import { callerError, ok } from '../errors.ts';
import type { CallerErrorOf, Result, Unavailable } from '../errors.ts';
import { clusterIdPattern } from '../records/scope.ts';
import type { StoredCluster } from '../records/cluster.ts';
import type { ClusterWithTokens } from '../store/ports.ts';
import { matchesWebhookToken } from '../token/webhook-token.ts';

/** Clusters with their webhook tokens, cached. Never throws. */
export interface ClusterReader {
  /** At most 30 s old; `undefined`: no such cluster. */
  readCluster(id: string, signal: AbortSignal): Promise<Result<ClusterWithTokens | undefined, Unavailable>>;
  /** The same, at most 1 s old: the token may be newer than the cached cluster. */
  readClusterAgain(
    id: string,
    signal: AbortSignal,
  ): Promise<Result<ClusterWithTokens | undefined, Unavailable>>;
}

export type AuthenticatedCluster = Result<StoredCluster, CallerErrorOf<'unauthorized'> | Unavailable>;

const unauthorized = { ok: false, failure: callerError('unauthorized', {}) } as const;

/**
 * The cluster that the webhook token belongs to. A token that is missing or wrong and a cluster that does not exist have the
 * same answer, after the same reads and comparisons; only a malformed id, which no cluster can have, is not looked up.
 */
export async function authenticateCluster(
  clusters: ClusterReader,
  { clusterId, webhookToken }: { readonly clusterId: string; readonly webhookToken: string | undefined },
  signal: AbortSignal,
): Promise<AuthenticatedCluster> {
  if (!clusterIdPattern.test(clusterId)) return unauthorized;
  const first = await clusters.readCluster(clusterId, signal);
  if (!first.ok) return first;
  if (isTokenOf(first.value, webhookToken)) return ok(first.value.cluster);
  const second = await clusters.readClusterAgain(clusterId, signal);
  if (!second.ok) return second;
  return isTokenOf(second.value, webhookToken) ? ok(second.value.cluster) : unauthorized;
}

const isTokenOf = (
  found: ClusterWithTokens | undefined,
  token: string | undefined,
): found is ClusterWithTokens =>
  matchesWebhookToken(token, found?.webhookTokens.map(({ hash }) => hash) ?? []) && found !== undefined;
