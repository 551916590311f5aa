/** Deletes a record whose item cannot be read: with force only, and admins only, since its content is lost. */
import type { RecordKind, RefOf } from '../../records/kinds.ts';
import type { UnreadableRemoval } from '../../store/ports.ts';
import { readOrThrow } from '../lists/store-results.ts';
import { AdminProblem } from '../problem.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { requireForce, requireRole } from './authorize.ts';
import type { WriteOptions } from './commit.ts';

type DeleteOptions = Pick<WriteOptions, 'caller' | 'ifMatch' | 'force' | 'dryRun'>;

/**
 * To be called if a delete could not read its record, with what it caught.
 * @returns once the record is deleted, or would be with `dryRun`
 * @throws AdminProblem `error` itself unless it is about one unreadable item and `force` is set; `forbidden`; `version_mismatch`
 */
export async function deleteUnreadable<K extends RecordKind>(
  { store }: Pick<AdminDependencies, 'store'>,
  kind: K,
  ref: RefOf<K>,
  error: unknown,
  options: DeleteOptions,
): Promise<void> {
  requireUnreadable(error, options);
  const { caller, dryRun, ifMatch } = options;
  const version = ifMatch === '*' ? undefined : ifMatch;
  const deletion = { actor: caller.actor, version, dryRun };
  requireRemoved(await readOrThrow(store.removeUnreadable(kind, ref, deletion)));
}

/**
 * As {@link deleteUnreadable}, for a webhook token, which shows no version. The item that cannot be read may be another one of its cluster: a token that
 * leaked can be deleted all the same.
 */
export async function deleteUnreadableToken(
  { store }: Pick<AdminDependencies, 'store'>,
  { clusterId, tokenId }: { readonly clusterId: string; readonly tokenId: string },
  error: unknown,
  options: DeleteOptions,
): Promise<void> {
  requireUnreadable(error, options);
  if (options.dryRun === true) return;
  const by = { actor: options.caller.actor };
  const removal = await readOrThrow(store.deleteUnreadableWebhookToken(clusterId, tokenId, by));
  const isReadable = !removal.applied && removal.conflict === 'moved';
  const deleted = isReadable && (await readOrThrow(store.deleteWebhookToken(clusterId, tokenId, by))).applied;
  if (!deleted) requireRemoved(removal);
}

function requireUnreadable(error: unknown, { caller, force }: DeleteOptions): void {
  const item = error instanceof AdminProblem ? error.unreadable : undefined;
  if (item === undefined || force !== true) throw error;
  requireRole(caller, 'admin');
  requireForce(caller);
}

function requireRemoved(removal: UnreadableRemoval): void {
  if (removal.applied) return;
  if (removal.conflict === 'missing') throw new AdminProblem('not_found', 'There is nothing to delete.');
  if (removal.conflict === 'version') {
    const detail = 'It has another version: leave If-Match out to delete it whatever its version is.';
    throw new AdminProblem('version_mismatch', detail);
  }
  throw new AdminProblem('write_conflict', 'Another write came first: read it again, and decide on that.');
}
