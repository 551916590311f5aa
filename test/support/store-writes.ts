/** Writes that a test takes for granted: they read, write, and fail the test where they are not applied. */
import type { Result } from '../../lib/errors.ts';
import type { RecordKind, RecordOf, RecordState, RefOf } from '../../lib/store/kinds.ts';
import type { By, Store, WriteOutcome } from '../../lib/store/ports.ts';
import type { Lease, LeaseResult } from '../../lib/store/sync-run.ts';

/** The value, or a failed test that shows the failure. */
export function must<T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T {
  if (!result.ok) throw new Error(`The store failed: ${JSON.stringify(result.failure)}`);
  return result.value;
}

/** The lease, or a failed test: somebody else holds it. */
export function mustHold(result: Result<LeaseResult>): Lease {
  const taken = must(result);
  if (!taken.held) throw new Error(`The lease is held by ${taken.by}.`);
  return taken.lease;
}

export type AppliedOutcome<K extends RecordKind> = Extract<WriteOutcome<K>, { applied: true }>;

export function mustApply<K extends RecordKind>(result: Result<WriteOutcome<K>>): AppliedOutcome<K> {
  const outcome = must(result);
  if (!outcome.applied) throw new Error(`The write was refused: ${outcome.conflict}`);
  return outcome;
}

const admin: By = { actor: 'arn:aws:iam::111122223333:role/admin' };

export async function put<K extends RecordKind>(
  store: Store,
  kind: K,
  ref: RefOf<K>,
  record: RecordOf<K>,
  by: By = admin,
): Promise<AppliedOutcome<K>> {
  const current: RecordState<K> = must(await store.read(kind, ref));
  return mustApply(await store.put(current, record, by));
}

export async function remove<K extends RecordKind>(
  store: Store,
  kind: K,
  ref: RefOf<K>,
  by: By = admin,
): Promise<AppliedOutcome<K>> {
  const current: RecordState<K> = must(await store.read(kind, ref));
  return mustApply(await store.remove(current, by));
}
