/** Deletes a cluster: only if nothing is in its scope; with force, its mappings first, a limited number a call. */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import { clusterScope } from '../../records/scope.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { parallelism, writesPerCall } from '../limits.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';
import { AdminProblem } from '../problem.ts';
import { commit } from './commit.ts';
import type { Committed, WriteOptions } from './commit.ts';
import { requireDeletable } from './deletable.ts';
import { deleteRecord, removed } from './delete-record.ts';
import { deleteUnreadable } from './delete-unreadable.ts';

export type ClusterDeletion =
  | Committed<'cluster'>
  /** More mappings are left than one call may delete: the same call again continues. */
  | { readonly outcome: 'pending'; readonly mappingsDeleted: number };

/** @throws AdminProblem `not_found`, `not_empty`, and those of `commit` and `deleteUnreadable` */
export async function deleteCluster(
  dependencies: AdminDependencies,
  id: string,
  options: WriteOptions,
): Promise<ClusterDeletion> {
  const reading = readOrThrow(dependencies.store.read('cluster', { id }));
  const current = await reading.catch(async (error: unknown) => {
    await deleteUnreadable(dependencies, 'cluster', { id }, error, { ...options, dryRun: true });
  });
  if (current !== undefined && current.state !== 'live') {
    throw noSuchCluster(id);
  }
  if (current !== undefined && options.force !== true) {
    const verify = async (): Promise<void> => requireDeletable.cluster(dependencies, { id });
    return commit(dependencies, current, undefined, { ...options, verify });
  }
  // No mapping is deleted before the caller and the version have been checked for the whole deletion.
  const rehearsed =
    current === undefined
      ? removed<'cluster'>({ ...options, dryRun: true })
      : await commit(dependencies, current, undefined, { ...options, dryRun: true });
  if (options.dryRun === true) return rehearsed;
  const emptied = await deleteMappings(dependencies, id, options);
  if (!emptied.done) return { outcome: 'pending', mappingsDeleted: emptied.deleted };
  const notFound = (): AdminProblem => noSuchCluster(id);
  return current === undefined
    ? deleteRecord(dependencies, 'cluster', { id }, notFound, options)
    : commit(dependencies, current, undefined, options);
}

const noSuchCluster = (id: string): AdminProblem =>
  new AdminProblem('not_found', `There is no cluster ${id}.`);

/** At most {@link writesPerCall} of them, each logged like any delete. */
async function deleteMappings(
  dependencies: AdminDependencies,
  id: string,
  options: WriteOptions,
): Promise<{ readonly done: boolean; readonly deleted: number }> {
  const { store } = dependencies;
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const page = await pageOrThrow(store.listMappingsByScope(clusterScope(id), { limit: 100, cursor }));
    if (deleted + page.items.length > writesPerCall) return { done: false, deleted };
    await mapConcurrently(page.items, parallelism, async (mapping) =>
      deleteMapping(dependencies, mapping, options),
    );
    deleted += page.items.length;
    ({ cursor } = page);
  } while (cursor !== undefined);
  return { done: true, deleted };
}

async function deleteMapping(
  dependencies: AdminDependencies,
  { scope, principalKey, owner }: StoredMapping,
  { caller }: WriteOptions,
): Promise<void> {
  const current = await readOrThrow(dependencies.store.read('mapping', { scope, principalKey, owner }));
  // The list may be behind the table.
  if (current.state === 'live') await commit(dependencies, current, undefined, { caller, force: true });
}
