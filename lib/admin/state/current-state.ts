/** The stored records that a desired state manages. */
import type { UnreadableItem } from '../../errors.ts';
import { clusterScope, setScope } from '../../records/scope.ts';
import { unreadableItemOf } from '../../store/layout/unreadable.ts';
import type { WholeList } from '../../store/pages.ts';
import type { RecordKind, StoredOf } from '../../records/kinds.ts';
import type { Scope } from '../../records/scope.ts';
import type { StoredCluster } from '../../records/cluster.ts';
import type { StoredSet } from '../../records/set.ts';
import type { Store } from '../../store/ports.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { DesiredState } from './desired-state.ts';
import { managedScopes, parallelism } from '../limits.ts';
import { valueOrThrow, wholeList, wholeLists } from '../lists/store-results.ts';

export interface CurrentState {
  /** By kind; a kind that is not managed has none. Mappings: only manual ones, and of managed scopes. */
  readonly records: { readonly [K in RecordKind]: readonly StoredOf<K>[] };
  /** By cluster id, of the clusters for which the desired state names hashes. `unreadable`: one of its tokens is, so all are unknown. */
  readonly webhookTokenHashes: ReadonlyMap<string, readonly string[] | 'unreadable'>;
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
    webhookTokenHashes: new Map(hashes.map(({ id, live }) => [id, live])),
    unreadable: [sets, clusters, denials, bindings, mappings, ...hashes].flatMap(
      ({ unreadable }) => unreadable,
    ),
  };
}

const notManaged: WholeList<never> = { items: [], unreadable: [] };

/**
 * A scope that is neither listed nor declared is refused unread: each costs a Query, and a body can name 20,000.
 */
function scopesToRead(
  { managed, mappings = [], ...desired }: DesiredState,
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
  // The lists may lag behind a cluster or a set that was just created. Beyond the limit such scopes count as empty: what is in one
  // after all is found by the condition of its write.
  const declared = new Set<Scope>([
    ...(desired.sets ?? []).map(({ name }) => setScope(name)),
    ...(desired.clusters ?? []).map(({ id }) => clusterScope(id)),
  ]);
  const listed = new Set(known);
  const unlisted = new Set(
    mappings.flatMap(({ scope }) => (declared.has(scope) && !listed.has(scope) ? [scope] : [])),
  );
  return [...listed, ...[...unlisted].slice(0, managedScopes)];
}

/** Of one cluster. */
interface Hashes {
  readonly id: string;
  readonly live: readonly string[] | 'unreadable';
  readonly unreadable: readonly UnreadableItem[];
}

async function readHashes(
  store: Store,
  { clusters = [] }: DesiredState,
  known: readonly StoredCluster[],
): Promise<readonly Hashes[]> {
  const ids = new Set(known.map(({ id }) => id));
  const wanted = clusters.filter(
    ({ id, webhookTokenHashes }) => webhookTokenHashes !== undefined && ids.has(id),
  );
  return mapConcurrently(wanted, parallelism, async ({ id }): Promise<Hashes> => {
    const read = await store.readCluster(id, AbortSignal.timeout(10_000));
    const item = read.ok ? undefined : unreadableItemOf(read.failure);
    if (item !== undefined) return { id, live: 'unreadable', unreadable: [item] };
    const live = (valueOrThrow(read)?.webhookTokens ?? []).map(({ hash }) => hash);
    return { id, live, unreadable: [] };
  });
}
