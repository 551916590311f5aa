/**
 * Everything that a run reads before it writes: the table (bindings, the scopes that the sync has written to, its
 * grants there), then the IAM groups, each group once.
 */
import { mapConcurrently } from '../async/map-concurrently.ts';
import { ok, type Result, type Unavailable, type UnreadableItem } from '../errors.ts';
import { parseMappingId } from '../records/mapping.ts';
import { mappingKeyOf } from '../records/principal.ts';
import type { SyncedScope } from '../records/sync-run.ts';
import type { GroupBinding, StoredBinding } from '../records/binding.ts';
import type { StoredMapping } from '../records/mapping.ts';
import type { Scope } from '../records/scope.ts';
import { findMissingScopes } from '../store/missing-scopes.ts';
import { readCompleteList, readWholeList } from '../store/pages.ts';
import type { Store } from '../store/ports.ts';
import type { HeldGrant, Reading } from './grants/grant.ts';

export type SyncReadStore = Pick<
  Store,
  'listBindings' | 'listMappingsByScope' | 'readSyncedScopes' | 'readEach'
>;

export interface TableReading {
  /** Every live binding, read by key. */
  readonly bindings: readonly StoredBinding[];
  /** Ids that grants name and whose binding was deleted, read by key. */
  readonly deletedBindings: ReadonlySet<string>;
  /** Why a binding cannot be read, by binding id. Neither live nor deleted: its grants stay as they are. */
  readonly unreadableBindings: ReadonlyMap<string, string>;
  /** Every mapping that group sync owns. */
  readonly grants: readonly HeldGrant[];
  /** Scopes that group sync has written to. */
  readonly syncedScopes: readonly SyncedScope[];
  /** Scopes of bindings whose cluster or set does not exist. */
  readonly missingScopes: ReadonlySet<Scope>;
}

/**
 * Stops at the first read that fails: what could not be read never counts as absent. A binding that cannot be read
 * stops only itself; a grant that cannot be read stops the run, since its user and its username are unknown.
 */
export async function readTable(store: SyncReadStore): Promise<Result<TableReading, Unavailable>> {
  const listed = await readWholeList((page) => store.listBindings(page));
  if (!listed.ok) return listed;
  const syncedScopes = await store.readSyncedScopes();
  if (!syncedScopes.ok) return syncedScopes;
  const scopes = new Set([...syncedScopes.value, ...listed.value.items].map(({ scope }) => scope));
  const grants = await readGrants(store, scopes);
  if (!grants.ok) return grants;
  // The index is eventually consistent: a binding that it does not show yet is not deleted.
  const read = await readBindings(store, [
    ...listed.value.items.map((binding) => binding.id),
    ...listed.value.unreadable.map(({ key }) => key),
    ...grants.value.flatMap((grant) => Object.keys(grant.contributions)),
  ]);
  if (!read.ok) return read;
  const missingScopes = await findMissingScopes(
    store,
    read.value.bindings.map(({ scope }) => scope),
  );
  if (!missingScopes.ok) return missingScopes;
  return ok({
    ...read.value,
    grants: grants.value,
    syncedScopes: syncedScopes.value,
    missingScopes: missingScopes.value,
  });
}

async function readBindings(
  store: SyncReadStore,
  ids: readonly string[],
): Promise<Result<Pick<TableReading, 'bindings' | 'deletedBindings' | 'unreadableBindings'>, Unavailable>> {
  const states = await store.readEach(
    'binding',
    [...new Set(ids)].map((id) => ({ id })),
  );
  if (!states.ok) return states;
  const bindings: StoredBinding[] = [];
  const deletedBindings = new Set<string>();
  const unreadableBindings = new Map<string, string>();
  for (const state of states.value) {
    if (state.state === 'live') bindings.push(state.stored);
    else if (state.state === 'unreadable') unreadableBindings.set(state.ref.id, state.item.reason);
    else deletedBindings.add(state.ref.id);
  }
  return ok({
    bindings: bindings.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    deletedBindings,
    unreadableBindings,
  });
}

async function readGrants(
  store: SyncReadStore,
  scopes: ReadonlySet<Scope>,
): Promise<Result<readonly HeldGrant[], Unavailable>> {
  const grants: HeldGrant[] = [];
  for (const scope of scopes) {
    const mappings = await readCompleteList((page) => store.listMappingsByScope(scope, page), isManual);
    if (!mappings.ok) return mappings;
    grants.push(...mappings.value.flatMap(toHeldGrants));
  }
  return ok(grants);
}

/** Empty if group sync does not own the mapping. A mapping without a pin or contributions is rewritten by the run. */
function toHeldGrants(mapping: StoredMapping): HeldGrant[] {
  const { scope, owner, principal, principalId, username, groups, version } = mapping;
  if (owner !== 'group-sync' || principal.arn === undefined) return [];
  const { contributions = {} } = mapping;
  return [
    {
      scope,
      principalKey: mappingKeyOf(principal),
      owner,
      arn: principal.arn,
      principalId,
      username,
      groups,
      contributions,
      version,
      staleKey: mapping.staleKey === true ? mapping.principalKey : undefined,
    },
  ];
}

/** A mapping that group sync does not own may be left out of the reading if it cannot be read. */
const isManual = ({ kind, key }: UnreadableItem): boolean =>
  kind === 'mapping' && parseMappingId(key)?.owner === 'manual';

/** An IAM group and the role that reads it. */
export type GroupSource = Pick<GroupBinding, 'iamGroup' | 'readerRoleArn' | 'externalId'>;

/** Reads one group to its last page. Never throws: what could not be read is `unreadable`. */
export type ReadGroup = (source: GroupSource) => Promise<Reading>;

/** IAM throttles an account as a whole: more concurrent reads would only be refused. */
const concurrentGroups = 6;

/**
 * Reads the members of the groups of all bindings, or of those named by `only`. Bindings to the same group by the same
 * role share one read; a binding whose scope does not exist is refused without one.
 * @returns by binding id
 */
export async function readGroups(
  readGroup: ReadGroup,
  { bindings, missingScopes }: Pick<TableReading, 'bindings' | 'missingScopes'>,
  only: readonly string[] | undefined,
): Promise<Map<string, Reading>> {
  const wanted = bindings.filter((binding) => only?.includes(binding.id) ?? true);
  const possible = wanted.filter(({ scope }) => !missingScopes.has(scope));
  const sources = new Map(possible.map((binding) => [sourceKey(binding), binding]));
  const readings = new Map(
    await mapConcurrently(
      [...sources],
      concurrentGroups,
      async ([key, source]): Promise<[string, Reading]> => [key, await readGroup(source)],
    ),
  );
  return new Map(
    wanted.flatMap((binding): [string, Reading][] => {
      if (missingScopes.has(binding.scope)) {
        return [[binding.id, { outcome: 'refused', detail: `There is no ${binding.scope}.` }]];
      }
      const reading = readings.get(sourceKey(binding));
      return reading === undefined ? [] : [[binding.id, reading]];
    }),
  );
}

const sourceKey = (source: GroupSource): string =>
  JSON.stringify([source.iamGroup, source.readerRoleArn, source.externalId]);
