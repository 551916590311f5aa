/** Where an entry applies: `cluster/<id>`, `set/<name>` or `all`. */
import type { Cluster, Scope } from './types.ts';

/** Sources of the patterns: design, section 8. Ids keep their case; names have one case only. */
export const clusterIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const namePattern = /^[a-z0-9][a-z0-9-]{0,49}$/;
/** The two above and `all`, in one: for JSON Schema. */
const scopePattern = /^(?:all|cluster\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|set\/[a-z0-9][a-z0-9-]{0,49})$/;

export type ScopeParts =
  | { readonly kind: 'cluster'; readonly id: string }
  | { readonly kind: 'set'; readonly name: string }
  | { readonly kind: 'all' };

export const clusterScope = (id: string): Scope => `cluster/${id}`;
export const setScope = (name: string): Scope => `set/${name}`;

export const isScope = (text: string): text is Scope => scopePattern.test(text);

/** Takes a scope apart. */
export function scopeParts(scope: Scope): ScopeParts {
  if (scope === 'all') return { kind: 'all' };
  return scope.startsWith('cluster/')
    ? { kind: 'cluster', id: scope.slice('cluster/'.length) }
    : { kind: 'set', name: scope.slice('set/'.length) };
}

/** Every scope that reaches a cluster: its own, its sets', and `all`. */
export const scopesOf = (cluster: Pick<Cluster, 'id' | 'sets'>): readonly Scope[] => [
  clusterScope(cluster.id),
  ...new Set(cluster.sets.map(setScope)),
  'all',
];
