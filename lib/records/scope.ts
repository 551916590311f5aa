/** The clusters that an entry applies to. */

/** `cluster/<id>`, `set/<name>` or `all`. */
export type Scope = `cluster/${string}` | `set/${string}` | 'all';

/** Ids keep their case; names are in lower case. */
export const clusterIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const namePattern = /^[a-z0-9][a-z0-9-]{0,49}$/;
/** The two above and `all`. */
export const scopePattern = /^(?:all|cluster\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|set\/[a-z0-9][a-z0-9-]{0,49})$/;

export type ScopeParts =
  | { readonly kind: 'cluster'; readonly id: string }
  | { readonly kind: 'set'; readonly name: string }
  | { readonly kind: 'all' };

export const clusterScope = (id: string): Scope => `cluster/${id}`;
export const setScope = (name: string): Scope => `set/${name}`;

export const isScope = (text: string): text is Scope => scopePattern.test(text);

export function scopeParts(scope: Scope): ScopeParts {
  if (scope === 'all') return { kind: 'all' };
  return scope.startsWith('cluster/')
    ? { kind: 'cluster', id: scope.slice('cluster/'.length) }
    : { kind: 'set', name: scope.slice('set/'.length) };
}

/** Every scope that reaches a cluster: its own, its sets', and `all`. */
export const scopesOf = (cluster: {
  readonly id: string;
  readonly sets: readonly string[];
}): readonly Scope[] => [clusterScope(cluster.id), ...new Set(cluster.sets.map(setScope)), 'all'];
