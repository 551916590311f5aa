/**
 * The guard against locking everybody out of a cluster: after a write that narrows, each cluster that had one must
 * still have a mapping without `expiresAt` to one of its `adminGroups`, of a principal that is not denied. It is
 * asked just before the write, against slips: two writes at once can both pass.
 */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { denialRef } from '../../records/denial.ts';
import { scopeParts, scopesOf } from '../../records/scope.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Denial, DenialRef } from '../../records/denial.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { Scope } from '../../records/scope.ts';
import type { RecordKind, RecordOf } from '../../records/kinds.ts';
import { AdminWitnesses } from './admin-lookup.ts';
import type { Overlay } from './admin-lookup.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { namedClusters, parallelism } from '../limits.ts';
import { AdminProblem } from '../problem.ts';
import { everyItem, readOrThrow } from '../lists/store-results.ts';

type Guarded = Pick<AdminDependencies, 'store'>;

/** Which clusters a change could leave without an admin, and what the world looks like after it. */
interface Risk {
  readonly clusters: AsyncIterable<Cluster> | Iterable<Cluster>;
  readonly overlay: Overlay;
  /** A cluster as it will be, where the change is about the cluster itself. */
  readonly changed?: Cluster | undefined;
}

type RiskByKind = {
  readonly [K in RecordKind]: (
    dependencies: Guarded,
    before: RecordOf<K> | undefined,
    after: RecordOf<K> | undefined,
  ) => Promise<Risk | undefined> | undefined;
};

const riskByKind: RiskByKind = {
  mapping: mappingRisk,
  cluster: clusterRisk,
  denial: denialRisk,
  // A set is deleted only when empty; a binding gives nothing itself, and the sync has a guard of its own.
  set: () => undefined,
  binding: () => undefined,
};

/**
 * @param before what is stored; `undefined`: nothing
 * @param after what is to be; `undefined`: nothing
 * @throws AdminProblem `last_admin`, with the first clusters that would lose their last one
 */
export async function guardLastAdmin<K extends RecordKind>(
  dependencies: Guarded,
  kind: K,
  before: RecordOf<K> | undefined,
  after: RecordOf<K> | undefined,
): Promise<void> {
  const risk = await riskByKind[kind](dependencies, before, after);
  if (risk === undefined) return;
  const now = new AdminWitnesses(dependencies.store, {});
  const then = new AdminWitnesses(dependencies.store, risk.overlay);
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
}

const lastAdminProblem = (clusters: readonly string[]): AdminProblem =>
  new AdminProblem(
    'last_admin',
    `After this nobody would be a lasting admin of ${clusters.join(', ')}: map another one first, or use force.`,
    { clusters },
  );

/** What a mapping gives for good. */
const lasting = (mapping: Mapping | undefined): readonly string[] =>
  mapping === undefined || mapping.expiresAt !== undefined ? [] : mapping.groups;

/** A mapping that gives fewer groups, for a shorter time, or to a pinned id that nobody may have. */
async function mappingRisk(
  { store }: Guarded,
  before: Mapping | undefined,
  after: Mapping | undefined,
): Promise<Risk | undefined> {
  const kept = before?.principalId === after?.principalId ? lasting(after) : [];
  const lost = lasting(before).filter((group) => !kept.includes(group));
  if (before === undefined || lost.length === 0) return undefined;
  return {
    clusters: clustersIn({ store }, before.scope, (cluster) =>
      cluster.adminGroups.some((group) => lost.includes(group)),
    ),
    overlay: { replaced: { before, groups: kept } },
  };
}

/** A cluster that is disabled, leaves a set, or takes others for its admins. One that is deleted needs no admin. */
async function clusterRisk(
  _dependencies: Guarded,
  before: Cluster | undefined,
  after: Cluster | undefined,
): Promise<Risk | undefined> {
  if (before === undefined || after === undefined) return undefined;
  const narrows =
    after.disabled === true ||
    before.partition !== after.partition ||
    before.sets.some((set) => !after.sets.includes(set)) ||
    before.adminGroups.some((group) => !after.adminGroups.includes(group));
  return narrows ? { clusters: [before], overlay: {}, changed: after } : undefined;
}

/** A denial of a whole principal; one session of it, or one access key, is not the principal. */
async function denialRisk(
  { store }: Guarded,
  _before: Denial | undefined,
  after: Denial | undefined,
): Promise<Risk | undefined> {
  if (after === undefined || after.sessionName !== undefined || after.accessKeyId !== undefined)
    return undefined;
  const denied = denialRef(after);
  const scopes =
    after.principal?.accountId === undefined && after.principal !== undefined
      ? await scopesOfPrincipal({ store }, denied)
      : undefined;
  return { clusters: clustersReachedBy({ store }, scopes), overlay: { denied } };
}

/** The scopes in which a principal is mapped. A role of a denied permission set may be mapped by its ARN too: then any. */
async function scopesOfPrincipal(
  { store }: Guarded,
  { principalKey }: DenialRef,
): Promise<ReadonlySet<Scope> | undefined> {
  if (principalKey.startsWith('permission-set/')) return undefined;
  const scopes = new Set<Scope>();
  for await (const entry of everyItem(async (page) => store.listByPrincipal(principalKey, page))) {
    if (entry.kind === 'mapping') scopes.add(entry.stored.scope);
  }
  return scopes;
}

/** @param scopes `undefined`: any */
async function* clustersReachedBy(
  { store }: Guarded,
  scopes: ReadonlySet<Scope> | undefined,
): AsyncGenerator<Cluster> {
  if (scopes?.size === 0) return;
  for await (const cluster of everyItem(async (page) => store.listClusters(page))) {
    if (scopes === undefined || scopesOf(cluster).some((scope) => scopes.has(scope))) yield cluster;
  }
}

/** The clusters that a scope reaches and that `concerns` picks. */
async function* clustersIn(
  { store }: Guarded,
  scope: Scope,
  concerns: (cluster: Cluster) => boolean,
): AsyncGenerator<Cluster> {
  const parts = scopeParts(scope);
  if (parts.kind === 'cluster') {
    const state = await readOrThrow(store.read('cluster', { id: parts.id }));
    if (state.state === 'live' && concerns(state.stored)) yield state.stored;
    return;
  }
  for await (const cluster of everyItem(async (page) => store.listClusters(page))) {
    if (scopesOf(cluster).includes(scope) && concerns(cluster)) yield cluster;
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
