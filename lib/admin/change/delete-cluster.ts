/** Deletes a cluster: alone where nothing is in its scope; with force, its mappings first, so many a call. */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { clusterScope } from '../../records/scope.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import { requireChange, requireForce } from './authorize.ts';
import { commit } from './commit.ts';
import type { WriteOptions } from './commit.ts';
import { requireDeletable } from './deletable.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { parallelism, writesPerCall } from '../limits.ts';
import { AdminProblem } from '../problem.ts';
import { recordOf } from '../../records/kinds.ts';
import type { Answer } from '../api/route.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';
import { writeAnswer } from '../api/routes/common.ts';

/** @throws AdminProblem `not_found`, `not_empty`, and those of `commit` */
export async function deleteCluster(
  dependencies: AdminDependencies,
  id: string,
  options: WriteOptions,
): Promise<Answer> {
  const { store } = dependencies;
  const current = await readOrThrow(store.read('cluster', { id }));
  if (current.state !== 'live') throw new AdminProblem('not_found', `There is no cluster ${id}.`);
  requireChange(options.caller, 'cluster', recordOf('cluster', current.stored), undefined);
  if (options.force === true) {
    requireForce(options.caller);
    if (options.dryRun !== true) {
      const emptied = await deleteMappings(dependencies, id, options);
      if (!emptied.done) return { status: 202, body: { mappingsDeleted: emptied.deleted, pending: true } };
    }
  } else {
    await requireDeletable.cluster(dependencies, { id });
  }
  return writeAnswer(await commit(dependencies, current, undefined, options), options);
}

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
