/**
 * Writes a plan. Each scope is noted before its first grant is written, and removed once no grant is left there. Each
 * write is announced under the lease, and conditional on what the plan was computed from.
 */
import { mapConcurrently } from '../async/map-concurrently.ts';
import { describe, type Result, type Unavailable } from '../errors.ts';
import type { RecordState } from '../records/kinds.ts';
import { type Lease, syncActor, type SyncedScope } from '../records/sync-run.ts';
import type { Mapping, MappingRef } from '../records/mapping.ts';
import type { Scope } from '../records/scope.ts';
import type { Store } from '../store/ports.ts';
import type { Grant } from './grants/grant.ts';
import type { GrantWrite, Plan } from './grants/plan.ts';
import type { TableReading } from './read.ts';

export interface WriteContext {
  readonly store: Pick<
    Store,
    'readMany' | 'put' | 'remove' | 'announceWrites' | 'addSyncedScope' | 'removeSyncedScope'
  >;
  readonly lease: Lease;
  /** False once too little of the run's time is left to begin another write. */
  readonly hasTime: () => boolean;
  readonly onProgress: (written: number) => Promise<void>;
}

export interface Applied {
  readonly written: number;
  /** Writes whose grant has changed since it was read: the next run plans them again. */
  readonly moved: number;
  /** Why it stopped before the end, if it did. */
  readonly stopped?: StopReason | undefined;
}

type StopReason = 'time' | 'lease_lost' | Unavailable;
type Progress = { -readonly [K in keyof Applied]: Applied[K] };

/** Keys of one read, and writes between two reports of progress. */
const batchSize = 100;
const concurrentWrites = 8;

/** Never throws for the store: it stops at the first failure, and the next run does the rest. */
export async function writePlan(plan: Plan, table: TableReading, context: WriteContext): Promise<Applied> {
  const { store, lease } = context;
  const writes = plan.stages.flat();
  const scopes = new Set(writes.flatMap((item) => (item.kind === 'create' ? [item.after.scope] : [])));
  for (const scope of scopes) {
    const stopped = stopAfter(await store.addSyncedScope(scope, lease));
    if (stopped !== undefined) return { written: 0, moved: 0, stopped };
  }
  const applied = await writeStages(plan, context);
  if (isComplete(applied)) {
    for (const synced of emptiedScopes(table, writes)) await store.removeSyncedScope(synced);
  }
  return applied;
}

/** Everything was written. */
export const isComplete = ({ stopped, moved }: Applied): boolean => stopped === undefined && moved === 0;

/** Whether the run failed. The end of its time is no failure. */
export const isFailed = ({ stopped }: Applied): boolean => stopped !== undefined && stopped !== 'time';

/** Where it stopped, in one sentence; empty if everything was written. */
export function detailOf({ stopped, written, moved }: Applied, plan: Plan): { detail?: string } {
  const done = `${written} of ${countWrites(plan)} grants were written`;
  if (stopped === 'time') return { detail: `${done} before the time ran out; the next run goes on.` };
  if (stopped === 'lease_lost') return { detail: `${done} before another run took over.` };
  if (stopped !== undefined) return { detail: `${done}. ${describe(stopped)}` };
  return moved > 0
    ? { detail: `${done}; ${moved} had changed meanwhile. The rest is left to the next run.` }
    : {};
}

/** The number of grants that a plan writes. */
export const countWrites = ({ stages }: Plan): number => stages.flat().length;

async function writeStages({ stages }: Plan, context: WriteContext): Promise<Applied> {
  const applied: Progress = { written: 0, moved: 0 };
  for (const writes of stages) {
    // The usernames of a stage are free only if every write of the stage before has landed.
    if (applied.moved > 0) break;
    for (let start = 0; start < writes.length && applied.stopped === undefined; start += batchSize) {
      await writeBatch(writes.slice(start, start + batchSize), applied, context);
      await context.onProgress(applied.written);
    }
  }
  return applied;
}

async function writeBatch(
  writes: readonly GrantWrite[],
  applied: Progress,
  context: WriteContext,
): Promise<void> {
  const { store, lease, hasTime } = context;
  const refs = writes.map(refOf);
  const states = await store.readMany('mapping', refs);
  if (!states.ok) {
    applied.stopped = states.failure;
    return;
  }
  applied.stopped = hasTime() ? stopAfter(await store.announceWrites(lease, refs)) : 'time';
  const pairs = writes.map((write, index) => ({ write, state: states.value[index] }));
  await mapConcurrently(pairs, concurrentWrites, async ({ write, state }) => {
    if (applied.stopped !== undefined || state === undefined) return;
    if (!hasTime()) {
      applied.stopped = 'time';
      return;
    }
    const outcome = await writeOne(write, state, context);
    if (outcome === 'written') applied.written += 1;
    else if (outcome === 'moved') applied.moved += 1;
    else applied.stopped ??= outcome;
  });
}

/** Why to stop after a call under the lease; `undefined`: go on. */
const stopAfter = (
  done: Result<'announced' | 'noted' | 'lease_lost', Unavailable>,
): 'lease_lost' | Unavailable | undefined => {
  if (!done.ok) return done.failure;
  return done.value === 'lease_lost' ? done.value : undefined;
};

const refOf = (write: GrantWrite): MappingRef => {
  const { scope, principalKey, owner } = write.kind === 'delete' ? write.before : write.after;
  const staleKey = write.kind === 'delete' ? write.before.staleKey : undefined;
  return { scope, principalKey: staleKey ?? principalKey, owner };
};

async function writeOne(
  write: GrantWrite,
  state: RecordState<'mapping'>,
  { store, lease }: WriteContext,
): Promise<'written' | 'moved' | 'lease_lost' | Unavailable> {
  const isAsPlanned =
    write.kind === 'create'
      ? state.state !== 'live'
      : state.state === 'live' && state.version === write.before.version;
  if (!isAsPlanned) return 'moved';
  const by = { actor: syncActor(lease), lease };
  const result =
    write.kind === 'delete'
      ? await store.remove(state, by)
      : await store.put(state, toMapping(write.after), by);
  if (!result.ok) return result.failure;
  if (result.value.applied) return 'written';
  return result.value.conflict === 'lease_lost' ? 'lease_lost' : 'moved';
}

const toMapping = (grant: Grant): Mapping => ({
  scope: grant.scope,
  principal: { arn: grant.arn },
  owner: grant.owner,
  username: grant.username,
  groups: grant.groups,
  principalId: grant.principalId,
  contributions: grant.contributions,
});

/** Noted scopes in which no grant is left and which no binding names. */
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
