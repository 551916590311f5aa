/** Writes a plan: scopes are noted before the first grant in them, and struck off once nothing is left there. */
import { describe } from '../errors.ts';
import type { Scope } from '../records/scope.ts';
import type { SyncStore } from '../store/ports.ts';
import type { SyncedScope } from '../records/sync-run.ts';
import { type Applied, type ApplyContext, applyPlan, stopAfter, type SyncWriteStore } from './apply.ts';
import type { GrantWrite, Plan } from './grants/membership.ts';
import type { TableReading } from './table-reading.ts';

export interface WriteContext extends ApplyContext {
  readonly store: SyncWriteStore & Pick<SyncStore, 'addSyncedScope' | 'removeSyncedScope'>;
}

/** Never throws for the store. */
export async function writePlan(plan: Plan, table: TableReading, context: WriteContext): Promise<Applied> {
  const writes = plan.stages.flat();
  const scopes = new Set(writes.flatMap((item) => (item.kind === 'create' ? [item.after.scope] : [])));
  for (const scope of scopes) {
    const stopped = stopAfter(await context.store.addSyncedScope(scope, context.lease));
    if (stopped !== undefined) return { written: 0, moved: 0, stopped };
  }
  const applied = await applyPlan(plan, context);
  if (isWhole(applied)) {
    for (const synced of emptiedScopes(table, writes)) await context.store.removeSyncedScope(synced);
  }
  return applied;
}

/** Everything was written. */
export const isWhole = ({ stopped, moved }: Applied): boolean => stopped === undefined && moved === 0;

/** It stopped at something other than the end of its time, which is foreseen. */
export const isBroken = ({ stopped }: Applied): boolean => stopped !== undefined && stopped !== 'time';

/** Where it stopped, in one sentence; nothing where all was written. */
export function detailOf({ stopped, written, moved }: Applied, plan: Plan): { detail?: string } {
  const done = `${written} of ${countWrites(plan)} grants were written`;
  if (stopped === 'time') return { detail: `${done} before the time ran out; the next run goes on.` };
  if (stopped === 'lease_lost') return { detail: `${done} before another run took over.` };
  if (stopped !== undefined) return { detail: `${done}. ${describe(stopped)}` };
  return moved > 0
    ? { detail: `${done}; ${moved} had changed meanwhile. The rest is left to the next run.` }
    : {};
}

/** Grants that a plan writes. */
export const countWrites = ({ stages }: Plan): number => stages.flat().length;

function emptiedScopes(table: TableReading, writes: readonly GrantWrite[]): readonly SyncedScope[] {
  const left = new Map<Scope, number>();
  const count = (scope: Scope, by: number): void => void left.set(scope, (left.get(scope) ?? 0) + by);
  for (const grant of table.grants) count(grant.scope, 1);
  for (const item of writes) {
    if (item.kind === 'delete') count(item.before.scope, -1);
    if (item.kind === 'create') count(item.after.scope, 1);
  }
  const bound = new Set(table.bindings.map((binding) => binding.scope));
  return table.syncedScopes.filter(({ scope }) => !bound.has(scope) && (left.get(scope) ?? 0) === 0);
}
