/**
 * Makes the writes of a plan, each announced under the lease, and made on the condition that nothing has changed since
 * it was planned.
 */
import type { Result, Unavailable } from '../errors.ts';
import type { MappingRef } from '../records/mapping.ts';
import type { RecordState } from '../records/kinds.ts';
import type { Store } from '../store/ports.ts';
import type { Lease } from '../records/sync-run.ts';
import { mapConcurrently } from '../async/map-concurrently.ts';
import type { Grant, GrantWrite, Plan } from './grants/membership.ts';

export type SyncWriteStore = Pick<Store, 'readMany' | 'put' | 'remove' | 'announceWrites'>;

export interface ApplyContext {
  readonly store: SyncWriteStore;
  readonly lease: Lease;
  /** `group-sync/<run>` */
  readonly actor: string;
  /** False once too little of the run's time is left to begin another write. */
  readonly hasTime: () => boolean;
  readonly onProgress: (written: number) => Promise<void>;
}

export interface Applied {
  readonly written: number;
  /** Writes that found their entry changed since it was read: the next run looks at it again. */
  readonly moved: number;
  /** Why it stopped before the end, if it did. */
  readonly stopped?: 'time' | 'lease_lost' | Unavailable;
}

/** Keys of one read, and writes between two looks at progress. */
const batchSize = 100;
const writesAtOnce = 8;

type Progress = { -readonly [K in keyof Applied]: Applied[K] };

/** Never throws for the store; stops at the first thing that it cannot do, leaving the rest to the next run. */
export async function applyPlan({ stages }: Plan, context: ApplyContext): Promise<Applied> {
  const applied: Progress = { written: 0, moved: 0 };
  for (const writes of stages) {
    // What a stage gives is free only if the stage before was written to the last grant.
    if (applied.moved > 0) break;
    for (let start = 0; start < writes.length && applied.stopped === undefined; start += batchSize) {
      await applyBatch(writes.slice(start, start + batchSize), applied, context);
      await context.onProgress(applied.written);
    }
  }
  return applied;
}

/** Why to stop after a call that is made under the lease; `undefined`: go on. */
export const stopAfter = (
  done: Result<'announced' | 'noted' | 'lease_lost', Unavailable>,
): 'lease_lost' | Unavailable | undefined => {
  if (!done.ok) return done.failure;
  return done.value === 'lease_lost' ? done.value : undefined;
};

async function applyBatch(
  writes: readonly GrantWrite[],
  applied: Progress,
  context: ApplyContext,
): Promise<void> {
  const { store, lease, hasTime } = context;
  const refs = writes.map(refOf);
  const states = await store.readMany('mapping', refs);
  if (!states.ok) {
    applied.stopped = states.failure;
    return;
  }
  if (!hasTime()) {
    applied.stopped = 'time';
    return;
  }
  const stopped = stopAfter(await store.announceWrites(lease, refs));
  if (stopped !== undefined) {
    applied.stopped = stopped;
    return;
  }
  const pairs = writes.map((write, index) => ({ write, state: states.value[index] }));
  await mapConcurrently(pairs, writesAtOnce, async ({ write, state }) => {
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

const refOf = (write: GrantWrite): MappingRef => {
  const { scope, principalKey, owner } = write.kind === 'delete' ? write.before : write.after;
  return { scope, principalKey, owner };
};

async function writeOne(
  write: GrantWrite,
  state: RecordState<'mapping'>,
  { store, lease, actor }: ApplyContext,
): Promise<'written' | 'moved' | 'lease_lost' | Unavailable> {
  const isAsPlanned =
    write.kind === 'create'
      ? state.state !== 'live'
      : state.state === 'live' && state.version === write.before.version;
  if (!isAsPlanned) return 'moved';
  const by = { actor, lease };
  const result =
    write.kind === 'delete'
      ? await store.remove(state, by)
      : await store.put(state, toMapping(write.after), by);
  if (!result.ok) return result.failure;
  if (result.value.applied) return 'written';
  return result.value.conflict === 'lease_lost' ? 'lease_lost' : 'moved';
}

const toMapping = (grant: Grant) => ({
  scope: grant.scope,
  principal: { arn: grant.arn },
  owner: grant.owner,
  username: grant.username,
  groups: grant.groups,
  principalId: grant.principalId,
  contributions: grant.contributions,
});
