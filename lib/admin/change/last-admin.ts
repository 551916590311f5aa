/**
 * The guard against locking every admin out of a cluster: after a write that narrows access, each cluster that had a
 * permanent admin (`admin-lookup.ts`) must still have one. It runs just before the write and protects against slips,
 * not against races: of two concurrent writes both can pass. Items that cannot be read are skipped and returned, so
 * that a damaged cluster or mapping never keeps a denial from being written.
 */
import type { UnreadableItem } from '../../errors.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { denialRef } from '../../records/denial.ts';
import { scopeParts, scopesOf } from '../../records/scope.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Denial, DenialRef } from '../../records/denial.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { Scope } from '../../records/scope.ts';
import type { RecordKind, RecordOf } from '../../records/kinds.ts';
import { AdminLookup } from './admin-lookup.ts';
import type { PendingChange } from './admin-lookup.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { namedClusters, parallelism } from '../limits.ts';
import { AdminProblem } from '../problem.ts';
import { everyItem, readOrThrow } from '../lists/store-results.ts';

interface Reading extends Pick<AdminDependencies, 'store'> {
  readonly onUnreadable: (item: UnreadableItem) => void;
}

/** The clusters that a change could leave without an admin, and the change itself. */
interface Risk {
  readonly clusters: AsyncIterable<Cluster> | Iterable<Cluster>;
  readonly pending: PendingChange;
  /** The cluster as it will be, if the change is about the cluster itself. */
  readonly changed?: Cluster | undefined;
}

type RiskByKind = {
  readonly [K in RecordKind]: (
    reading: Reading,
    before: RecordOf<K> | undefined,
    after: RecordOf<K> | undefined,
  ) => Promise<Risk | undefined> | undefined;
};

const riskByKind: RiskByKind = {
  mapping: mappingRisk,
  cluster: clusterRisk,
  denial: denialRisk,
  // A set is deleted only if it is empty; a binding grants nothing itself, and the sync has its own guard.
  set: () => undefined,
  binding: () => undefined,
};

/**
 * @param before the stored record; `undefined`: none
 * @param after the record to write; `undefined`: it is deleted
 * @returns the items that could not be read, and were skipped
 * @throws AdminProblem `last_admin`, with the first clusters that would lose their last admin
 */
export async function guardLastAdmin<K extends RecordKind>(
  { store }: Pick<AdminDependencies, 'store'>,
  kind: K,
  before: RecordOf<K> | undefined,
  after: RecordOf<K> | undefined,
): Promise<readonly UnreadableItem[]> {
  const skipped = new Map<string, UnreadableItem>();
  const onUnreadable = (item: UnreadableItem): void => void skipped.set(`${item.kind}/${item.key}`, item);
  const risk = await riskByKind[kind]({ store, onUnreadable }, before, after);
  if (risk === undefined) return [];
  const now = new AdminLookup(store, {}, onUnreadable);
  const then = new AdminLookup(store, risk.pending, onUnreadable);
  const lost: string[] = [];
  for await (const batch of batches(risk.clusters, parallelism)) {
    const names = await mapConcurrently(batch, parallelism, async (cluster) => {
      if (cluster.disabled === true || (await then.hasAdmin(risk.changed ?? cluster))) return [];
      return (await now.hasAdmin(cluster)) ? [cluster.id] : [];
    });
    lost.push(...names.flat());
    if (lost.length >= namedClusters) break;
  }
  if (lost.length > 0) throw lastAdminProblem(lost.slice(0, namedClusters));
  return [...skipped.values()];
}

const lastAdminProblem = (clusters: readonly string[]): AdminProblem =>
  new AdminProblem(
    'last_admin',
    `After this no permanent admin of ${clusters.join(', ')} would be left: map another one first, or use force.`,
    { clusters },
  );

/** The groups that a mapping grants permanently. */
const permanentGroups = (mapping: Mapping | undefined): readonly string[] =>
  mapping === undefined || mapping.expiresAt !== undefined ? [] : mapping.groups;

/** A mapping that grants fewer groups, for a shorter time, or to a pinned id that no principal may have. */
async function mappingRisk(
  reading: Reading,
  before: Mapping | undefined,
  after: Mapping | undefined,
): Promise<Risk | undefined> {
  const kept = before?.principalId === after?.principalId ? permanentGroups(after) : [];
  const lost = permanentGroups(before).filter((group) => !kept.includes(group));
  if (before === undefined || lost.length === 0) return undefined;
  return {
    clusters: clustersIn(reading, before.scope, (cluster) =>
      cluster.adminGroups.some((group) => lost.includes(group)),
    ),
    pending: { replaced: { before, groups: kept } },
  };
}

/** A cluster that is disabled, leaves a set, or changes its admin groups. A deleted cluster needs no admin. */
async function clusterRisk(
  _reading: Reading,
  before: Cluster | undefined,
  after: Cluster | undefined,
): Promise<Risk | undefined> {
  if (before === undefined || after === undefined) return undefined;
  const narrows =
    after.disabled === true ||
    before.partition !== after.partition ||
    before.sets.some((set) => !after.sets.includes(set)) ||
    before.adminGroups.some((group) => !after.adminGroups.includes(group));
  return narrows ? { clusters: [before], pending: {}, changed: after } : undefined;
}

/** A denial of a whole principal; one session of it, or one access key, is not the principal. */
async function denialRisk(
  reading: Reading,
  _before: Denial | undefined,
  after: Denial | undefined,
): Promise<Risk | undefined> {
  if (after === undefined || after.sessionName !== undefined || after.accessKeyId !== undefined)
    return undefined;
  const denied = denialRef(after);
  const scopes =
    after.principal?.accountId === undefined && after.principal !== undefined
      ? await scopesOfPrincipal(reading, denied)
      : undefined;
  return { clusters: clustersReachedBy(reading, scopes), pending: { denied } };
}

/**
 * The scopes in which a principal is mapped; `undefined`: any, since a role of a permission set may be mapped by its ARN too, and
 * mappings of federated users are not under the key of their denials.
 */
async function scopesOfPrincipal(
  reading: Reading,
  { principalKey }: DenialRef,
): Promise<ReadonlySet<Scope> | undefined> {
  if (/^permission-set\/|:federated-user\//.test(principalKey)) return undefined;
  const scopes = new Set<Scope>();
  for await (const entry of everyItem(
    async (page) => reading.store.listByPrincipal(principalKey, page),
    reading.onUnreadable,
  )) {
    if (entry.kind === 'mapping') scopes.add(entry.stored.scope);
  }
  return scopes;
}

/** @param scopes `undefined`: any */
async function* clustersReachedBy(
  reading: Reading,
  scopes: ReadonlySet<Scope> | undefined,
): AsyncGenerator<Cluster> {
  if (scopes?.size === 0) return;
  for await (const cluster of everyItem(
    async (page) => reading.store.listClusters(page),
    reading.onUnreadable,
  )) {
    if (scopes === undefined || scopesOf(cluster).some((scope) => scopes.has(scope))) yield cluster;
  }
}

/** The clusters that a scope reaches and that `isConcerned` accepts. */
async function* clustersIn(
  reading: Reading,
  scope: Scope,
  isConcerned: (cluster: Cluster) => boolean,
): AsyncGenerator<Cluster> {
  const parts = scopeParts(scope);
  if (parts.kind === 'cluster') {
    const [state] = await readOrThrow(reading.store.readEach('cluster', [{ id: parts.id }]));
    if (state?.state === 'unreadable') reading.onUnreadable(state.item);
    if (state?.state === 'live' && isConcerned(state.stored)) yield state.stored;
    return;
  }
  for await (const cluster of everyItem(
    async (page) => reading.store.listClusters(page),
    reading.onUnreadable,
  )) {
    if (scopesOf(cluster).includes(scope) && isConcerned(cluster)) yield cluster;
  }
}

async function* batches<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
