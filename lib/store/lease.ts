/** The group sync's lease: one holder at a time, each with a higher fencing number than all before it. */
import * as z from 'zod/mini';
import type { Instant, Result, Unavailable } from '../errors.ts';
import { ok, unavailable } from '../errors.ts';
import { absent, heldLease, sameLease } from './conditions.ts';
import { leaseKey } from './keys.ts';
import type { SyncStore } from './ports.ts';
import type { Lease, LeaseResult } from './sync-run.ts';
import type { TableClient } from './table-client.ts';

/** `expiresAt` is 0 once it was released. `nonce` tells two invocations of one run apart. */
const LeaseItem = z.object({
  runId: z.string(),
  fence: z.int(),
  expiresAt: z.number(),
  nonce: z.string(),
});
type LeaseItem = z.infer<typeof LeaseItem>;

export interface LeaseDependencies {
  readonly client: TableClient;
  readonly clock: () => Instant;
  readonly newId: (at: Instant) => string;
}

export type LeaseStore = Pick<SyncStore, 'acquireLease' | 'renewLease' | 'releaseLease'>;

export function createLeases({ client, clock, newId }: LeaseDependencies): LeaseStore {
  const read = async (): Promise<Result<LeaseItem | undefined, Unavailable>> => {
    const item = await client.get(leaseKey);
    if (!item.ok) return item;
    if (item.value === undefined) return ok(undefined);
    const parsed = LeaseItem.safeParse(item.value);
    return parsed.success ? ok(parsed.data) : unavailable('store_unavailable', { cause: 'unreadable lease' });
  };
  /** Who holds it, after a write that was refused: ourselves, if the SDK had repeated a write that was made. */
  const readHolder = async (nonce: string): Promise<Result<LeaseResult, Unavailable>> => {
    const now = await read();
    if (!now.ok) return now;
    return ok(now.value?.nonce === nonce ? toHeld(now.value) : toOther(now.value));
  };
  return {
    async acquireLease(runId, milliseconds) {
      const before = await read();
      if (!before.ok) return before;
      const now = clock();
      if (before.value !== undefined && before.value.expiresAt > now) return ok(toOther(before.value));
      const fence = (before.value?.fence ?? 0) + 1;
      const next = { runId, fence, expiresAt: now + milliseconds, nonce: newId(now) };
      const condition =
        before.value === undefined ? absent : sameLease(before.value.fence, before.value.expiresAt);
      const put = await client.put({ ...leaseKey, ...next }, condition);
      if (!put.ok) return put;
      return put.value === 'done' ? ok(toHeld(next)) : readHolder(next.nonce);
    },
    async renewLease({ runId, fence, expiresAt }, milliseconds) {
      const now = clock();
      if (now >= expiresAt) return readHolder('');
      const next = { runId, fence, expiresAt: now + milliseconds, nonce: newId(now) };
      const put = await client.put({ ...leaseKey, ...next }, heldLease(fence));
      if (!put.ok) return put;
      return put.value === 'done' ? ok(toHeld(next)) : readHolder(next.nonce);
    },
    async releaseLease({ runId, fence }) {
      const released = { runId, fence, expiresAt: 0, nonce: newId(clock()) };
      const put = await client.put({ ...leaseKey, ...released }, heldLease(fence));
      return put.ok ? ok(undefined) : put;
    },
  };
}

const toHeld = ({ runId, fence, expiresAt }: Lease): LeaseResult => ({
  held: true,
  lease: { runId, fence, expiresAt },
});

const toOther = (item: LeaseItem | undefined): LeaseResult => ({
  held: false,
  by: item?.runId ?? '',
  until: item?.expiresAt ?? 0,
});
