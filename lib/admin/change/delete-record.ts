/** Deletes one record, also if its item cannot be read: then with force only. */
import type { RecordKind, RefOf } from '../../records/kinds.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { readOrThrow } from '../lists/store-results.ts';
import type { AdminProblem } from '../problem.ts';
import { commit } from './commit.ts';
import type { Committed, WriteOptions } from './commit.ts';
import { deleteUnreadable } from './delete-unreadable.ts';

/** @throws AdminProblem `notFound()`, and those of `commit` and `deleteUnreadable` */
export async function deleteRecord<K extends RecordKind>(
  dependencies: AdminDependencies,
  kind: K,
  ref: RefOf<K>,
  notFound: () => AdminProblem,
  options: WriteOptions,
): Promise<Committed<K>> {
  const reading = readOrThrow(dependencies.store.read(kind, ref));
  const current = await reading.catch(async (error: unknown) => {
    await deleteUnreadable(dependencies, kind, ref, error, options);
  });
  if (current === undefined) return removed(options);
  if (current.state !== 'live') throw notFound();
  return commit(dependencies, current, undefined, options);
}

/** What a delete without a readable record answers. */
export const removed = <K extends RecordKind>({ dryRun = false }: WriteOptions): Committed<K> =>
  dryRun
    ? { outcome: 'dry_run', action: 'delete', before: undefined, after: undefined }
    : { outcome: 'deleted' };
