/**
 * The one way in which the admin API writes a record: who may, whether the version is the expected one, whether a
 * cluster would lose its last admin, then the conditional write. Every route, `apply` and rollbacks come here.
 */
import { sameValue } from '../../json/canonical-json.ts';
import type { RecordKind, RecordOf, RecordState, StoredOf } from '../../records/kinds.ts';
import type { Conflict } from '../../store/ports.ts';
import { requireChange, requireForce } from './authorize.ts';
import type { Caller } from './authorize.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { guardLastAdmin } from './last-admin.ts';
import { AdminProblem } from '../problem.ts';
import { recordOf } from '../../records/kinds.ts';
import { readOrThrow } from '../lists/store-results.ts';

export interface WriteOptions {
  readonly caller: Caller;
  /** From `If-Match`. `*`: any version, but there must be one. */
  readonly ifMatch?: number | '*' | undefined;
  readonly dryRun?: boolean | undefined;
  /** Overrides the `last_admin` guard; admins only. */
  readonly force?: boolean | undefined;
  /** The id of the change that this one takes back. */
  readonly rollbackOf?: string | undefined;
  /** It must not exist yet: `already_exists` otherwise. */
  readonly mustBeNew?: boolean | undefined;
}

export interface Committed<K extends RecordKind> {
  readonly action: 'create' | 'update' | 'delete' | 'none';
  readonly before: RecordOf<K> | undefined;
  readonly after: RecordOf<K> | undefined;
  /** Absent in a dry run, and after a delete. */
  readonly stored: StoredOf<K> | undefined;
  /** Absent in a dry run, and where nothing changed. */
  readonly changeId: string | undefined;
}

/**
 * Makes `current` into `after`; `undefined` deletes it. What is the same already is not written.
 * @throws AdminProblem
 */
export async function commit<K extends RecordKind>(
  dependencies: AdminDependencies,
  current: RecordState<K>,
  after: RecordOf<K> | undefined,
  options: WriteOptions,
): Promise<Committed<K>> {
  const { caller, force = false } = options;
  const { kind } = current;
  const before = current.state === 'live' ? recordOf(kind, current.stored) : undefined;
  requireChange(caller, kind, before, after);
  if (force) requireForce(caller);
  requireVersion(current, options);
  if (before === undefined && after === undefined)
    throw new AdminProblem('not_found', 'There is nothing to delete.');
  if (current.state === 'live' && sameValue(before, after)) {
    return { action: 'none', before, after, stored: current.stored, changeId: undefined };
  }
  if (!force) await guardLastAdmin(dependencies, kind, before, after);
  const action = actionOf(before, after);
  if (options.dryRun === true) return { action, before, after, stored: undefined, changeId: undefined };
  const outcome = await readOrThrow(write(dependencies, current, after, options));
  if (!outcome.applied) throw conflictProblem(outcome.conflict, options);
  const stored = outcome.current.state === 'live' ? outcome.current.stored : undefined;
  return { action, before, after, stored, changeId: outcome.change.id };
}

function actionOf(before: unknown, after: unknown): 'create' | 'update' | 'delete' {
  if (before === undefined) return 'create';
  return after === undefined ? 'delete' : 'update';
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
    throw new AdminProblem('already_exists', 'It exists already: change it with PUT, by its id.');
  }
  if (ifMatch === undefined) return;
  if (!live || (ifMatch !== '*' && ifMatch !== current.version)) {
    const is = live ? `The current version is ${current.version}` : 'There is no such record';
    throw new AdminProblem('version_mismatch', `${is}: read it again, and decide on that.`);
  }
}

function conflictProblem(conflict: Conflict, { ifMatch }: WriteOptions): AdminProblem {
  if (conflict === 'exists') {
    return new AdminProblem('already_exists', 'Somebody else has just made it: read it, and decide on that.');
  }
  if (conflict === 'missing') return new AdminProblem('not_found', 'Somebody else has just deleted it.');
  return new AdminProblem(
    ifMatch === undefined ? 'write_conflict' : 'version_mismatch',
    'Somebody else has just changed it: read it again, and decide on that.',
  );
}
