/**
 * The one way in which the admin API writes a record: it authorizes the change, checks the version, verifies what the
 * record refers to, guards the last admin of a cluster, and then writes on a condition. Every route, `apply` and
 * rollbacks call it.
 */
import type { UnreadableItem } from '../../errors.ts';
import { sameValue } from '../../json/canonical-json.ts';
import type { LiveState, RecordKind, RecordOf, RecordState, StoredOf } from '../../records/kinds.ts';
import type { Conflict } from '../../store/ports.ts';
import { requireChange, requireForce } from './authorize.ts';
import type { Caller } from './authorize.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { guardLastAdmin } from './last-admin.ts';
import { AdminProblem } from '../problem.ts';
import { kinds, recordOf } from '../../records/kinds.ts';
import { deleteFormer, isStale } from './move.ts';
import { readOrThrow } from '../lists/store-results.ts';

export interface WriteOptions {
  readonly caller: Caller;
  /** From `If-Match`. `*`: any version, but the record must exist. */
  readonly ifMatch?: number | '*' | undefined;
  readonly dryRun?: boolean | undefined;
  /** Overrides the `last_admin` guard, and deletes what cannot be read; refused unless the caller is an admin. */
  readonly force?: boolean | undefined;
  /** The id of the change that this one reverts. */
  readonly rollbackOf?: string | undefined;
  /** The record must not exist yet: `already_exists` otherwise. */
  readonly mustBeNew?: boolean | undefined;
  /** The item of the record under a former key is left: `apply` deletes it in a step of its own. */
  readonly leaveFormer?: boolean | undefined;
  /**
   * A check of the change, such as whether its scope exists. It runs once the caller is authorized and the version is
   * the expected one: no other caller learns its answer.
   */
  readonly verify?: (() => Promise<void>) | undefined;
}

export type Action = 'create' | 'update' | 'delete' | 'none';

/** What a dry run would have done. */
export interface Rehearsed<K extends RecordKind> {
  readonly outcome: 'dry_run';
  readonly action: Action;
  readonly before: RecordOf<K> | undefined;
  readonly after: RecordOf<K> | undefined;
  readonly skipped?: Skipped;
}

/** Items that the last-admin guard could not read, and left out of account. */
export type Skipped = readonly UnreadableItem[];

export type Committed<K extends RecordKind> =
  | Rehearsed<K>
  | {
      readonly outcome: 'stored';
      /** `none`: the record was the same already, and was not written. */
      readonly action: Exclude<Action, 'delete'>;
      readonly stored: StoredOf<K>;
      readonly skipped?: Skipped;
      /** One sentence: the item of the record under a former key is still there. */
      readonly formerLeft?: string | undefined;
    }
  | { readonly outcome: 'deleted' };

/**
 * Turns `current` into `after`; `undefined` deletes it. A record that is the same already is not written. Its item under a former key,
 * if there is one, is deleted afterwards (`move.ts`).
 * @throws AdminProblem
 */
export async function commit<K extends RecordKind>(
  dependencies: AdminDependencies,
  current: RecordState<K>,
  after: RecordOf<K> | undefined,
  options: WriteOptions,
): Promise<Committed<K>> {
  const committed = await commitItem(dependencies, current, after, options);
  if (committed.outcome !== 'stored' || after === undefined || options.leaveFormer === true) return committed;
  const by = { actor: options.caller.actor };
  const formerLeft = await deleteFormer(dependencies.store, current.kind, after, by);
  return formerLeft === undefined ? committed : { ...committed, formerLeft };
}

/**
 * Writes the record of an item under a former key: under its key of today, as {@link commit} does.
 * @throws AdminProblem
 */
export async function commitMoved<K extends RecordKind>(
  dependencies: AdminDependencies,
  stale: LiveState<K>,
  after: RecordOf<K>,
  options: WriteOptions,
): Promise<Committed<K>> {
  const { kind } = stale;
  requireChange(options.caller, kind, stale.record, after);
  requireVersion(stale, options);
  const current = await readOrThrow(dependencies.store.read(kind, kinds[kind].refOf(after)));
  return commit(dependencies, current, after, { ...options, ifMatch: undefined });
}

async function commitItem<K extends RecordKind>(
  dependencies: AdminDependencies,
  current: RecordState<K>,
  after: RecordOf<K> | undefined,
  options: WriteOptions,
): Promise<Committed<K>> {
  const { caller, force = false, dryRun = false } = options;
  const { kind } = current;
  const before = current.state === 'live' ? recordOf(kind, current.stored) : undefined;
  requireChange(caller, kind, before, after);
  if (force) requireForce(caller);
  requireVersion(current, options);
  await options.verify?.();
  if (before === undefined && after === undefined) {
    throw new AdminProblem('not_found', 'There is nothing to delete.');
  }
  const action = actionOf(before, after);
  // No review reads an item under a former key.
  const isGuarded = action !== 'none' && !force && !isStale(current);
  const skipped = isGuarded ? await guardLastAdmin(dependencies, kind, before, after) : [];
  if (dryRun) return { outcome: 'dry_run', action, before, after, skipped };
  if (current.state === 'live' && action === 'none') {
    return { outcome: 'stored', action, stored: current.stored };
  }
  const written = await readOrThrow(write(dependencies, current, after, options));
  if (!written.applied) throw conflictProblem(written.conflict, options);
  return written.current.state === 'live'
    ? {
        outcome: 'stored',
        action: before === undefined ? 'create' : 'update',
        stored: written.current.stored,
        skipped,
      }
    : { outcome: 'deleted' };
}

function actionOf(before: unknown, after: unknown): Action {
  if (before === undefined) return 'create';
  if (after === undefined) return 'delete';
  return sameValue(before, after) ? 'none' : 'update';
}

async function write<K extends RecordKind>(
  { store }: AdminDependencies,
  current: RecordState<K>,
  after: RecordOf<K> | undefined,
  { caller, rollbackOf }: WriteOptions,
): ReturnType<typeof store.put<K>> {
  const by = { actor: caller.actor, rollbackOf };
  return after === undefined ? store.remove(current, by) : store.put(current, after, by);
}

/** @throws AdminProblem `version_mismatch`, `already_exists` */
function requireVersion(current: RecordState<RecordKind>, { ifMatch, mustBeNew }: WriteOptions): void {
  const live = current.state === 'live';
  if (mustBeNew === true && live) {
    throw new AdminProblem('already_exists', isStale(current) ? heldByStale : existsAlready);
  }
  if (ifMatch === undefined) return;
  if (!live || (ifMatch !== '*' && ifMatch !== current.version)) {
    const is = live ? `The current version is ${current.version}` : 'There is no such record';
    throw new AdminProblem('version_mismatch', `${is}: read it again, and decide on that.`);
  }
}

const existsAlready = 'It exists already: change it with PUT, by its id.';
const heldByStale =
  'An entry of an earlier version of Countersign, about another principal, has this key: write that entry again, which moves it, or delete it.';

function conflictProblem(conflict: Conflict, { ifMatch }: WriteOptions): AdminProblem {
  if (conflict === 'exists') {
    return new AdminProblem(
      'already_exists',
      'Another write has just created it: read it, and decide on that.',
    );
  }
  if (conflict === 'missing') return new AdminProblem('not_found', 'Another write has just deleted it.');
  return new AdminProblem(
    ifMatch === undefined ? 'write_conflict' : 'version_mismatch',
    'Another write has just changed it: read it again, and decide on that.',
  );
}
