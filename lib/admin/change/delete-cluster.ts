/** Deletes a cluster: only if nothing is in its scope; with force, its mappings first, a limited number a call. */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { UnreadableItem } from '../../errors.ts';
import { parseMappingId } from '../../records/mapping.ts';
import type { MappingRef } from '../../records/mapping.ts';
import { clusterScope } from '../../records/scope.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { parallelism, writesPerCall } from '../limits.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';
import { AdminProblem } from '../problem.ts';
import { commit } from './commit.ts';
import type { Committed, WriteOptions } from './commit.ts';
import { refuseUnreadable, requireDeletable } from './deletable.ts';
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
    const refs = [...page.items, ...(page.unreadable ?? []).map(refOfUnreadable)];
    if (deleted + refs.length > writesPerCall) return { done: false, deleted };
    await mapConcurrently(refs, parallelism, async (ref) => deleteMapping(dependencies, ref, options));
    deleted += refs.length;
    ({ cursor } = page);
  } while (cursor !== undefined);
  return { done: true, deleted };
}

/**
 * A mapping that cannot be read is deleted too: left behind, it would grant again once the cluster is created anew and a
 * newer version of Countersign reads it.
 * @throws AdminProblem `not_empty` if the item has not the key of a mapping
 */
function refOfUnreadable(item: UnreadableItem): MappingRef {
  const ref = item.kind === 'mapping' ? parseMappingId(item.key) : undefined;
  return ref ?? refuseUnreadable(item);
}

async function deleteMapping(
  dependencies: AdminDependencies,
  { scope, principalKey, owner }: MappingRef,
  { caller }: WriteOptions,
): Promise<void> {
  const ref = { scope, principalKey, owner };
  const options = { caller, force: true };
  const current = await readOrThrow(dependencies.store.read('mapping', ref)).catch(async (error: unknown) => {
    await deleteUnreadable(dependencies, 'mapping', ref, error, options);
  });
  // The list may be behind the table.
  if (current?.state === 'live') await commit(dependencies, current, undefined, options);
}
