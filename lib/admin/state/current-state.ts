/** The stored records that a desired state manages. */
import type { UnreadableItem } from '../../errors.ts';
import { clusterScope, setScope } from '../../records/scope.ts';
import type { WholeList } from '../../store/pages.ts';
import type { RecordKind, StoredOf } from '../../records/kinds.ts';
import type { Scope } from '../../records/scope.ts';
import type { StoredCluster } from '../../records/cluster.ts';
import type { StoredSet } from '../../records/set.ts';
import type { Store } from '../../store/ports.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { DesiredState } from './desired-state.ts';
import { parallelism } from '../limits.ts';
import { readOrThrow, wholeList, wholeLists } from '../lists/store-results.ts';

export interface CurrentState {
  /** By kind; a kind that is not managed has none. Mappings: only manual ones, and of managed scopes. */
  readonly records: { readonly [K in RecordKind]: readonly StoredOf<K>[] };
  /** By cluster id, of the clusters for which the desired state names hashes. */
  readonly webhookTokenHashes: ReadonlyMap<string, readonly string[]>;
  /** Items of these lists that cannot be read: neither absent nor to be written. */
  readonly unreadable: readonly UnreadableItem[];
}

/** Lists are eventually consistent; every write of `apply` is conditional on what was planned. */
export async function readCurrentState(store: Store, desired: DesiredState): Promise<CurrentState> {
  // Sets and clusters are always needed: scopes and sets that entries name must exist.
  const [sets, clusters, denials, bindings] = await Promise.all([
    wholeList(async (page) => store.listSets(page)),
    wholeList(async (page) => store.listClusters(page)),
    desired.denials === undefined ? notManaged : wholeList(async (page) => store.listDenials(page)),
    desired.bindings === undefined ? notManaged : wholeList(async (page) => store.listBindings(page)),
  ]);
  const mappings =
    desired.mappings === undefined
      ? notManaged
      : await wholeLists(scopesToRead(desired, sets, clusters), async (scope, page) =>
          store.listMappingsByScope(scope, page),
        );
  const hashes = await readHashes(store, desired, clusters.items);
  return {
    records: {
      set: sets.items,
      cluster: clusters.items,
      mapping: mappings.items.filter(({ owner }) => owner === 'manual'),
      denial: denials.items,
      binding: bindings.items,
    },
    webhookTokenHashes: hashes,
    unreadable: [sets, clusters, denials, bindings, mappings].flatMap(({ unreadable }) => unreadable),
  };
}

const notManaged: WholeList<never> = { items: [], unreadable: [] };

function scopesToRead(
  { managed, mappings = [] }: DesiredState,
  sets: WholeList<StoredSet>,
  clusters: WholeList<StoredCluster>,
): readonly Scope[] {
  if (managed !== undefined) return [...new Set(managed.scopes)];
  const known: readonly Scope[] = [
    'all',
    ...sets.items.map(({ name }) => setScope(name)),
    ...sets.unreadable.map(({ key }) => setScope(key)),
    ...clusters.items.map(({ id }) => clusterScope(id)),
    ...clusters.unreadable.map(({ key }) => clusterScope(key)),
  ];
  // The list of clusters may lag behind a cluster that was just created.
  return [...new Set([...known, ...mappings.map(({ scope }) => scope)])];
}

async function readHashes(
  store: Store,
  { clusters = [] }: DesiredState,
  known: readonly StoredCluster[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = new Set(known.map(({ id }) => id));
  const wanted = clusters.filter(
    ({ id, webhookTokenHashes }) => webhookTokenHashes !== undefined && ids.has(id),
  );
  const found = await mapConcurrently(wanted, parallelism, async ({ id }): Promise<[string, string[]]> => {
    const cluster = await readOrThrow(store.readCluster(id, AbortSignal.timeout(10_000)));
    return [id, (cluster?.webhookTokens ?? []).map(({ hash }) => hash)];
  });
  return new Map(found);
}
