/**
 * The one way in which a record is changed: the change is logged, then applied by a conditional write that stores
 * the log record's id on the item. A crash in between leaves a record that was not applied, never an unrecorded
 * change. Whether a write that ended in doubt was made is found out by reading.
 */
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok } from '../../errors.ts';
import type { ChangeLogWriter } from './change-log.ts';
import type { AnyChange } from '../change-record.ts';
import { absent, unchanged, unchangedUnderFence } from '../layout/conditions.ts';
import type { Condition } from '../layout/conditions.ts';
import type { KeyedItem } from '../layout/items.ts';
import type { Lease } from '../../records/sync-run.ts';
import type { TableClient } from './table-client.ts';

export interface LoggedWrite {
  readonly change: AnyChange;
  /** The item as it is to be, with `changeId` the id of the change. */
  readonly item: KeyedItem;
  /** The change id that was read on it; absent: there was no item. */
  readonly expected?: string | undefined;
  readonly lease?: Lease | undefined;
}

export type Applied = 'applied' | 'refused' | 'lease_lost';

export interface Writer {
  write(write: LoggedWrite): Promise<Result<Applied, Unavailable>>;
}

export function createWriter(client: TableClient, log: ChangeLogWriter, clock: () => Instant): Writer {
  const hasLapsed = (lease: Lease | undefined): boolean => lease !== undefined && clock() >= lease.expiresAt;
  return {
    async write({ change, item, expected, lease }) {
      if (hasLapsed(lease)) return ok('lease_lost');
      const logged = await log.record(change);
      if (!logged.ok) return logged;
      // Checked again right before it is sent: the log may have taken its time.
      if (hasLapsed(lease)) return ok('lease_lost');
      const put = await client.put(item, conditionOf(expected, lease));
      if (put.ok && put.value === 'done') return ok('applied');
      // In doubt: the SDK repeats a write whose answer was lost, and is then refused by its own first attempt.
      const fate = await log.fateOf(change, item);
      if (fate.ok && fate.value === 'applied') return ok('applied');
      if (!put.ok) return put;
      return fate.ok ? ok('refused') : fate;
    },
  };
}

function conditionOf(expected: string | undefined, lease: Lease | undefined): Condition {
  if (expected === undefined) return absent;
  return lease === undefined ? unchanged(expected) : unchangedUnderFence(expected, lease.fence);
}
