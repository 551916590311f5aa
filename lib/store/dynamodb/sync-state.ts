/** The state of the group sync beside its lease: its runs, and the scopes that it has written to. */
import * as v from 'valibot';
import type { Result, Unavailable } from '../../errors.ts';
import { ok } from '../../errors.ts';
import { isScope } from '../../records/scope.ts';
import { type Condition, notedBefore, notedUnder } from '../layout/conditions.ts';
import { listPage } from './cursor.ts';
import { ttlAt } from '../layout/items.ts';
import type { KeyedItem, PlainItem } from '../layout/items.ts';
import { unreadable } from '../layout/item-names.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { runKey, runPrefix, syncPartition, syncedScopeKey, syncedScopePrefix } from '../layout/keys.ts';
import { readCompleteList } from '../pages.ts';
import type { SyncStore } from '../ports.ts';
import type { LeaseStore } from './lease.ts';
import { type SyncedScope, SyncRun } from '../../records/sync-run.ts';
import type { TableClient } from './table-client.ts';

/** One run per five minutes is 26,000 in this time. */
const keepRunsFor = 90 * 24 * 60 * 60 * 1000;

export type SyncStateStore = Omit<SyncStore, keyof LeaseStore>;

export function createSyncState(client: TableClient): SyncStateStore {
  const put = async (item: PlainItem, condition?: Condition): Promise<Result<void, Unavailable>> => {
    const done = await client.put(item, condition);
    return done.ok ? ok(undefined) : done;
  };
  return {
    putRun: (run) => put({ ...runKey(run.id), run, ttl: ttlAt(Date.parse(run.startedAt) + keepRunsFor) }),
    async readRun(id) {
      const item = await client.get(runKey(id));
      if (!item.ok) return item;
      return item.value === undefined ? ok(undefined) : decodeRun(item.value);
    },
    listRuns: (page) =>
      listPage(
        client,
        { partition: syncPartition, index: false, sort: { prefix: runPrefix }, newestFirst: true },
        page,
        decodeRun,
      ),
    readSyncedScopes: () => readScopes(client),
    async addSyncedScope(scope, { fence }) {
      const done = await client.put({ ...syncedScopeKey(scope), scope, fence }, notedBefore(fence));
      return done.ok ? ok(done.value === 'done' ? 'noted' : 'lease_lost') : done;
    },
    // The functions have no permission to delete items: a removed scope is marked, and purged by TTL.
    removeSyncedScope: ({ scope, fence }) =>
      put({ ...syncedScopeKey(scope), fence, ttl: ttlAt(0) }, notedUnder(fence)),
  };
}

function decodeRun(item: KeyedItem): Decoded<SyncRun> {
  const parsed = v.safeParse(SyncRun, item['run']);
  return parsed.success ? ok(parsed.output) : unreadable(item);
}

/** Fails if one of them cannot be read: the sync must look into every scope that it has written to. */
const readScopes = (client: TableClient): Promise<Result<readonly SyncedScope[], Unavailable>> =>
  readCompleteList((page) =>
    listPage(
      client,
      { partition: syncPartition, index: false, sort: { prefix: syncedScopePrefix } },
      page,
      decodeScope,
    ),
  );

/** `undefined`: the scope was removed. */
function decodeScope(item: KeyedItem): Decoded<SyncedScope | undefined> {
  const { scope, fence } = item;
  if (scope === undefined) return ok(undefined);
  return typeof scope === 'string' && isScope(scope) && typeof fence === 'number'
    ? ok({ scope, fence })
    : unreadable(item);
}
