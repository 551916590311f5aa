/** What the table holds before a run: bindings, the scopes that sync has written to, and its grants there. */
import type { Result, Unavailable, UnreadableItem } from '../errors.ts';
import { ok } from '../errors.ts';
import { parseMappingId } from '../records/mapping.ts';
import type { Scope } from '../records/scope.ts';
import type { StoredBinding } from '../records/binding.ts';
import type { StoredMapping } from '../records/mapping.ts';
import type { HeldGrant } from './grants/membership.ts';
import { readCompleteList } from '../store/pages.ts';
import type { Store } from '../store/ports.ts';
import type { SyncedScope } from '../records/sync-run.ts';

export type SyncReadStore = Pick<
  Store,
  'listBindings' | 'listMappingsByScope' | 'readMany' | 'readSyncedScopes' | 'read'
>;

export interface TableReading {
  /** Every live binding, read by key. */
  readonly bindings: readonly StoredBinding[];
  /** Ids that grants name and that are gone, read by key. */
  readonly deletedBindings: ReadonlySet<string>;
  /** Every mapping that group sync owns. */
  readonly grants: readonly HeldGrant[];
  /** Scopes that group sync has written to. */
  readonly syncedScopes: readonly SyncedScope[];
  /** Scopes of bindings whose cluster or set does not exist. */
  readonly missingScopes: ReadonlySet<Scope>;
}

/** Stops at the first thing that could not be read: what is not known is never taken for absent. */
export async function readTable(store: SyncReadStore): Promise<Result<TableReading, Unavailable>> {
  const listed = await readCompleteList((page) => store.listBindings(page));
  if (!listed.ok) return listed;
  const syncedScopes = await store.readSyncedScopes();
  if (!syncedScopes.ok) return syncedScopes;
  const scopes = new Set([...syncedScopes.value, ...listed.value].map(({ scope }) => scope));
  const grants: HeldGrant[] = [];
  for (const scope of scopes) {
    const mappings = await readCompleteList((page) => store.listMappingsByScope(scope, page), isManual);
    if (!mappings.ok) return mappings;
    grants.push(...mappings.value.flatMap(toHeldGrants));
  }
  // The index is eventually consistent. A binding that it does not show yet is not a deleted one.
  const ids = new Set([
    ...listed.value.map((binding) => binding.id),
    ...grants.flatMap((grant) => Object.keys(grant.contributions)),
  ]);
  const states = await store.readMany(
    'binding',
    [...ids].map((id) => ({ id })),
  );
  if (!states.ok) return states;
  const bindings = states.value.flatMap((state) => (state.state === 'live' ? [state.stored] : []));
  const missingScopes = await findMissingScopes(store, bindings);
  if (!missingScopes.ok) return missingScopes;
  return ok({
    bindings: bindings.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    deletedBindings: new Set(states.value.flatMap((state) => (state.state === 'live' ? [] : [state.ref.id]))),
    grants,
    syncedScopes: syncedScopes.value,
    missingScopes: missingScopes.value,
  });
}

/** None for a mapping that is not of group sync. One without a pin or contributions is written anew by the run. */
function toHeldGrants(mapping: StoredMapping): HeldGrant[] {
  const { scope, principalKey, owner, principal, username, groups, version } = mapping;
  if (owner !== 'group-sync' || principal.arn === undefined) return [];
  const { principalId = '', contributions = {} } = mapping;
  return [
    { scope, principalKey, owner, arn: principal.arn, principalId, username, groups, contributions, version },
  ];
}

/** A mapping that is not of group sync may be left out of a reading although it cannot be read. */
const isManual = ({ kind, key }: UnreadableItem): boolean =>
  kind === 'mapping' && parseMappingId(key)?.owner === 'manual';

async function findMissingScopes(
  store: SyncReadStore,
  bindings: readonly StoredBinding[],
): Promise<Result<Set<Scope>, Unavailable>> {
  const missing = new Set<Scope>();
  for (const scope of new Set(bindings.map((binding) => binding.scope))) {
    if (scope === 'all') continue;
    const name = scope.slice(scope.indexOf('/') + 1);
    const state = scope.startsWith('cluster/')
      ? await store.read('cluster', { id: name })
      : await store.read('set', { name });
    if (!state.ok) return state;
    if (state.value.state !== 'live') missing.add(scope);
  }
  return ok(missing);
}
