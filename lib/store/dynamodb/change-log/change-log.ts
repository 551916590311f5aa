/**
 * The change log, and the one way in which a record is changed:
 *
 * 1. `write` puts the change record (`items.ts`): the actor and the change, with before and after.
 * 2. It puts the record's own item, which carries the change's id, on a condition: the item is still as it was read.
 * 3. If the answer to that put was lost or negative, `outcomes.ts` finds out by reading whether the change was applied.
 * 4. Later readers of the log ask the same question, since step 1 on its own proves nothing.
 *
 * A crash between the steps leaves a change record that was not applied, never an unrecorded change.
 */
import type { Instant, Result, Unavailable } from '../../../errors.ts';
import { ok } from '../../../errors.ts';
import type { Lease } from '../../../records/sync-run.ts';
import type { AnyChange } from '../../change-record.ts';
import type { Condition } from '../../layout/conditions.ts';
import type { KeyedItem } from '../../layout/items.ts';
import { changesPartition, indexPartitions } from '../../layout/keys.ts';
import type { ChangeLog, ChangeQuery } from '../../ports.ts';
import { listPage } from '../cursor.ts';
import type { RangeQuery, TableClient } from '../table-client.ts';
import { changeKey, decodeChange, encodeChange, firstIdAt, targetKey } from './items.ts';
import { ChangeOutcomes } from './outcomes.ts';

export interface LoggedWrite {
  readonly change: AnyChange;
  /** The item to write, with `changeId` the id of the change. */
  readonly item: KeyedItem;
  /** Under which it is written. */
  readonly condition: Condition;
  /** No write is sent once it has expired. */
  readonly lease?: Lease | undefined;
}

/** `refused`: the condition did not hold. */
export type WriteResult = 'applied' | 'refused' | 'lease_lost';

export interface Writer {
  write(write: LoggedWrite): Promise<Result<WriteResult, Unavailable>>;
}

export function createChangeLog(client: TableClient, clock: () => Instant): ChangeLog & Writer {
  const outcomes = new ChangeOutcomes(client, clock);
  const hasExpired = (lease: Lease | undefined): boolean => lease !== undefined && clock() >= lease.expiresAt;
  return {
    async readChange(id, signal) {
      const key = changeKey(id);
      if (key === undefined) return ok(undefined);
      const item = await client.get(key, signal);
      if (!item.ok || item.value === undefined) return item.ok ? ok(undefined) : item;
      const change = decodeChange(item.value);
      if (!change.ok) client.onUnreadable(change.failure.data.item);
      return change;
    },
    listChanges: (query, page) => listPage(client, toRange(query), page, decodeChange),
    wasApplied: (change, signal) => outcomes.outcomeOf(change, targetKey(change), signal),
    async write({ change, item, condition, lease }) {
      if (hasExpired(lease)) return ok('lease_lost');
      const logged = await client.put(encodeChange(change));
      if (!logged.ok) return logged;
      // Checked again right before it is sent: the put of the log may have been slow.
      if (hasExpired(lease)) return ok('lease_lost');
      const put = await client.put(item, condition);
      if (put.ok && put.value === 'done') return ok('applied');
      // In doubt: the SDK repeats a write whose answer was lost, and the repetition fails because of the first attempt.
      const outcome = await outcomes.outcomeOf(change, item);
      if (outcome.ok && outcome.value === 'applied') return ok('applied');
      if (!put.ok) return put;
      return outcome.ok ? ok('refused') : outcome;
    },
  };
}

function toRange(query: ChangeQuery): Omit<RangeQuery, 'limit' | 'start'> {
  if (query.target !== undefined) {
    return { partition: indexPartitions.target(query.target), index: true, newestFirst: true };
  }
  const sort = query.since === undefined ? undefined : { from: firstIdAt(query.since), to: '~' };
  return { partition: changesPartition(query.month), index: false, sort, newestFirst: true };
}
