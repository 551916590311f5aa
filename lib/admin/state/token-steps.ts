/** The steps of a plan that create webhook tokens. */
import type { CurrentState } from './current-state.ts';
import type { DesiredState } from './desired-state.ts';

/** A webhook token that the desired state names and that does not exist. */
export interface TokenStep {
  readonly kind: 'webhook-token';
  readonly ref: { readonly clusterId: string; readonly hash: string };
  readonly target: string;
  readonly before?: undefined;
  readonly version?: undefined;
  readonly after?: undefined;
  readonly staleKey?: undefined;
}

export const missingTokens = (current: CurrentState, { clusters = [] }: DesiredState): readonly TokenStep[] =>
  clusters.flatMap(({ id, webhookTokenHashes = [] }) => {
    if (current.unreadable.some(({ kind, key }) => kind === 'cluster' && key === id)) return [];
    const live = current.webhookTokenHashes.get(id) ?? [];
    // A hash that seems to be missing may be that of the token that cannot be read.
    if (live === 'unreadable') return [];
    return [...new Set(webhookTokenHashes)]
      .filter((hash) => !live.includes(hash))
      .map((hash): TokenStep => ({
        kind: 'webhook-token',
        ref: { clusterId: id, hash },
        target: `webhook-token/${id}/${hash.slice('sha256:'.length, 'sha256:'.length + 12)}`,
      }));
  });
