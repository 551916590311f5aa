/**
 * The group sync's lease: one holder at a time, each with a higher fencing number than all before it.
 *
 * A condition sees only the item that is written, so the lease cannot be part of the condition on a grant. Instead
 * a holder announces, on the lease's own item, which grants it is about to write. The next holder first rewrites each
 * of those grants under its own number, unless the announced write has landed. After that, every write of an earlier
 * holder that is still in flight is rejected. docs/decisions/0005-a-lease-announces-its-writes.md
 */
import * as v from 'valibot';
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok, unavailable } from '../../errors.ts';
import { mappingId, parseMappingId } from '../../records/mapping.ts';
import { absent, heldLease, sameLeaseItem } from '../layout/conditions.ts';
import { leaseKey } from '../layout/keys.ts';
import type { RecordStore, SyncStore } from '../ports.ts';
import { type Lease, type LeaseResult, syncActor } from '../../records/sync-run.ts';
import type { TableClient } from './table-client.ts';

const Announcement = v.object({
  /** The fencing number under which they are written. */
  fence: v.pipe(v.number(), v.safeInteger()),
  /** Ids of mappings. */
  mappings: v.array(v.string()),
});

/** `expiresAt` is 0 once it was released. `nonce` differs with every write, and distinguishes two invocations of one run. */
const LeaseItem = v.object({
  runId: v.string(),
  fence: v.pipe(v.number(), v.safeInteger()),
  expiresAt: v.number(),
  nonce: v.string(),
  /** Writes of this holder, or of the one before, that may be in flight. */
  announced: v.optional(Announcement),
});
type LeaseItem = v.InferOutput<typeof LeaseItem>;

export interface LeaseDependencies {
  readonly client: TableClient;
  readonly records: Pick<RecordStore, 'readMany' | 'fence'>;
  readonly clock: () => Instant;
  readonly newId: (at: Instant) => string;
}

export type LeaseStore = Pick<SyncStore, 'acquireLease' | 'announceWrites' | 'releaseLease'>;

export function createLeases({ client, records, clock, newId }: LeaseDependencies): LeaseStore {
  const read = async (): Promise<Result<LeaseItem | undefined, Unavailable>> => {
    const item = await client.get(leaseKey);
    if (!item.ok) return item;
    if (item.value === undefined) return ok(undefined);
    const parsed = v.safeParse(LeaseItem, item.value);
    return parsed.success ? ok(parsed.output) : unreadable;
  };
  /** Writes the lease's item for a new holder. The announcement stays until its writes are known to be settled. */
  const take = async (
    before: LeaseItem | undefined,
    next: Omit<LeaseItem, 'announced'>,
  ): Promise<Result<LeaseResult, Unavailable>> => {
    const item = { ...leaseKey, ...next, announced: before?.announced };
    const put = await client.put(item, before === undefined ? absent : sameLeaseItem(before.nonce));
    if (!put.ok) return put;
    if (put.value === 'done') return ok(toHeld(next));
    // Refused, perhaps because of our own first attempt: the SDK repeats a write whose answer was lost.
    const now = await read();
    if (!now.ok) return now;
    if (now.value === undefined) return missing;
    return ok(now.value.nonce === next.nonce ? toHeld(now.value) : toOther(now.value));
  };
  /** Rewrites the lease's item if it is still held. `until`: 0 releases it. */
  const rewrite = ({ runId, fence, expiresAt }: Lease, until: number, announced: LeaseItem['announced']) =>
    client.put(
      { ...leaseKey, runId, fence, expiresAt: until, nonce: newId(clock()), announced },
      heldLease(fence, expiresAt),
    );
  return {
    async acquireLease(runId, milliseconds) {
      const before = await read();
      if (!before.ok) return before;
      const now = clock();
      if (before.value !== undefined && before.value.expiresAt > now) return ok(toOther(before.value));
      const fence = (before.value?.fence ?? 0) + 1;
      const next = { runId, fence, expiresAt: now + milliseconds, nonce: newId(now) };
      const taken = await take(before.value, next);
      if (!taken.ok || !taken.value.held) return taken;
      const announced = before.value?.announced;
      const fenced = await fenceOff(records, announced, taken.value.lease);
      if (fenced.ok && fenced.value === 'fenced') return taken;
      await rewrite(taken.value.lease, 0, announced);
      return fenced.ok ? ok({ held: false, by: runId, until: next.expiresAt }) : fenced;
    },
    async announceWrites(lease, refs) {
      const announced = { fence: lease.fence, mappings: refs.map(mappingId) };
      const put = await rewrite(lease, lease.expiresAt, announced);
      return put.ok ? ok(put.value === 'done' ? 'announced' : 'lease_lost') : put;
    },
    async releaseLease(lease) {
      const held = await read();
      if (!held.ok) return held;
      // Earlier announcements were settled when this lease was acquired; the next holder settles those of this run.
      const announced = held.value?.announced;
      const put = await rewrite(lease, 0, announced?.fence === lease.fence ? announced : undefined);
      return put.ok ? ok(undefined) : put;
    },
  };
}

/** Nothing deletes the item: a write that was refused because of it must find it. */
const missing = unavailable('store_unavailable', { cause: 'missing lease' });
const unreadable = unavailable('store_unavailable', { cause: 'unreadable lease' });

/** Rewrites under the lease every grant that an earlier holder announced and has not written. */
async function fenceOff(
  records: LeaseDependencies['records'],
  announced: LeaseItem['announced'],
  lease: Lease,
): Promise<Result<'fenced' | 'lease_lost', Unavailable>> {
  if (announced === undefined) return ok('fenced');
  const refs = announced.mappings.map(parseMappingId).filter((ref) => ref !== undefined);
  if (refs.length < announced.mappings.length) return unreadable;
  const states = await records.readMany('mapping', refs);
  if (!states.ok) return states;
  for (const state of states.value) {
    if (state.state !== 'absent' && (state.fence ?? 0) >= announced.fence) continue;
    const fenced = await records.fence(state, { actor: syncActor(lease), lease });
    if (!fenced.ok) return fenced;
    // Any other conflict means that the late write has landed: it is no longer in flight.
    if (!fenced.value.applied && fenced.value.conflict === 'lease_lost') return ok('lease_lost');
  }
  return ok('fenced');
}

const toHeld = ({ runId, fence, expiresAt }: Lease): LeaseResult => ({
  held: true,
  lease: { runId, fence, expiresAt },
});

const toOther = ({ runId, expiresAt }: LeaseItem): LeaseResult => ({
  held: false,
  by: runId,
  until: expiresAt,
});
