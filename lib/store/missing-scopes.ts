/** Whether the cluster or the set of a scope exists. One that cannot be read exists. */
import { ok } from '../errors.ts';
import type { Result, Unavailable } from '../errors.ts';
import { scopeParts } from '../records/scope.ts';
import type { Scope } from '../records/scope.ts';
import type { RecordKind } from '../records/kinds.ts';
import type { RecordStore, UnreadableState } from './ports.ts';
import type { RecordState } from '../records/kinds.ts';

/** What exists, by name. */
export interface ScopeTargets {
  readonly clusters: ReadonlySet<string>;
  readonly sets: ReadonlySet<string>;
}

/** `all` always exists. */
export function scopeExists(scope: Scope, { clusters, sets }: ScopeTargets): boolean {
  const parts = scopeParts(scope);
  switch (parts.kind) {
    case 'all':
      return true;
    case 'set':
      return sets.has(parts.name);
    case 'cluster':
      return clusters.has(parts.id);
  }
}

/** Of these scopes, those whose cluster or set does not exist: read by key, in one call for each kind. */
export async function findMissingScopes(
  store: Pick<RecordStore, 'readEach'>,
  scopes: Iterable<Scope>,
): Promise<Result<ReadonlySet<Scope>, Unavailable>> {
  const wanted = [...new Set(scopes)];
  const parts = wanted.map(scopeParts);
  const clusters = await store.readEach(
    'cluster',
    parts.flatMap((part) => (part.kind === 'cluster' ? [{ id: part.id }] : [])),
  );
  if (!clusters.ok) return clusters;
  const sets = await store.readEach(
    'set',
    parts.flatMap((part) => (part.kind === 'set' ? [{ name: part.name }] : [])),
  );
  if (!sets.ok) return sets;
  const targets = {
    clusters: new Set(clusters.value.filter(exists).map(({ ref }) => ref.id)),
    sets: new Set(sets.value.filter(exists).map(({ ref }) => ref.name)),
  };
  return ok(new Set(wanted.filter((scope) => !scopeExists(scope, targets))));
}

export const exists = ({ state }: RecordState<RecordKind> | UnreadableState<RecordKind>): boolean =>
  state === 'live' || state === 'unreadable';
