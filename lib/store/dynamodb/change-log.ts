/** The change log: records are put before the change that they describe, and say later whether it was made. */
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok, unavailable } from '../../errors.ts';
import { decodeChange, encodeChange, targetKey } from '../layout/change-items.ts';
import { changeKey, firstIdAt } from '../layout/change-keys.ts';
import type { AnyChange, ChangeBase, ChangeFate, ChangeRecord } from '../change-record.ts';
import { listPage } from './cursor.ts';
import { toEnvelope, tombstoneMilliseconds } from '../layout/items.ts';
import type { PlainItem } from '../layout/items.ts';
import { changesPartition, changeVersionRange, indexPartitions } from '../layout/keys.ts';
import type { ItemKey } from '../layout/keys.ts';
import type { ChangeLog, ChangeQuery } from '../ports.ts';
import type { RangeQuery, TableClient } from './table-client.ts';

const unreadable = unavailable('store_unavailable', { cause: 'unreadable change record' });
/** Changes of one target that a look at its history reads at once. */
const historyPage = 100;

export interface ChangeLogWriter extends ChangeLog {
  /** The first half of every write. */
  record(change: AnyChange): Promise<Result<void, Unavailable>>;
  /** As `wasApplied`, for the item of this key. */
  fateOf(change: ChangeBase, key: ItemKey, signal?: AbortSignal): Promise<Result<ChangeFate, Unavailable>>;
}

export function createChangeLog(client: TableClient, clock: () => Instant): ChangeLogWriter {
  const readChange: ChangeLog['readChange'] = async (id, signal) => {
    const key = changeKey(id);
    if (key === undefined) return ok(undefined);
    const item = await client.get(key, signal);
    if (!item.ok || item.value === undefined) return item.ok ? ok(undefined) : item;
    return decode(item.value);
  };
  const fates = new Fates(client, readChange, clock);
  return {
    readChange,
    listChanges: (query, page) => listPage(client, toRange(query), page, decode),
    wasApplied: (change, signal) => fates.fateOf(change, targetKey(change), signal),
    fateOf: (change, key, signal) => fates.fateOf(change, key, signal),
    async record(change) {
      const item = encodeChange(change);
      // Ids are made here, from our clock: one that is not an id is a defect, not an outage.
      if (item === undefined) throw new TypeError(`${change.id} is not the id of a change.`);
      const put = await client.put(item);
      return put.ok ? ok(undefined) : put;
    },
  };
}

function decode(item: PlainItem): Result<ChangeRecord, Unavailable> {
  const change = decodeChange(item);
  return change === undefined ? unreadable : ok(change);
}

function toRange(query: ChangeQuery): Omit<RangeQuery, 'limit' | 'start'> {
  if (query.target !== undefined) {
    return { partition: indexPartitions.target(query.target), index: true, newestFirst: true };
  }
  const sort = query.since === undefined ? undefined : { from: firstIdAt(query.since), to: '~' };
  return { partition: changesPartition(query.month), index: false, sort, newestFirst: true };
}

/** Finds out which records came true, by going back from the item through `previous`. */
class Fates {
  readonly #client: TableClient;
  readonly #readChange: ChangeLog['readChange'];
  readonly #clock: () => Instant;

  constructor(client: TableClient, readChange: ChangeLog['readChange'], clock: () => Instant) {
    this.#client = client;
    this.#readChange = readChange;
    this.#clock = clock;
  }

  async fateOf(
    change: ChangeBase,
    key: ItemKey,
    signal?: AbortSignal,
  ): Promise<Result<ChangeFate, Unavailable>> {
    const item = await this.#client.get({ pk: key.pk, sk: key.sk }, signal);
    if (!item.ok) return item;
    if (item.value === undefined) return ok(this.#withoutItem(change));
    const head = toEnvelope(item.value);
    if (head === undefined) return unreadable;
    if (head.changeId === change.id) return ok('applied');
    if (head.version <= change.version) return ok(this.#notInChain(change, head.createdAt));
    return this.#walk(change, head, signal);
  }

  /** From the item's change back to the change's version. The index lags: what it lacks is read by key. */
  async #walk(
    change: ChangeBase,
    head: { readonly changeId: string; readonly version: number; readonly createdAt: string },
    signal: AbortSignal | undefined,
  ): Promise<Result<ChangeFate, Unavailable>> {
    const known = await this.#history(change.target, change.version + 1, head.version, signal);
    if (!known.ok) return known;
    let id: string | undefined = head.changeId;
    while (id !== undefined && id !== change.id) {
      let at: ChangeBase | undefined = known.value.get(id);
      if (at === undefined) {
        const read = await this.#readChange(id, signal);
        if (!read.ok) return read;
        at = read.value;
      }
      if (at === undefined || at.version <= change.version) break;
      id = at.previous;
    }
    return ok(id === change.id ? 'applied' : this.#notInChain(change, head.createdAt));
  }

  async #history(target: string, from: number, to: number, signal: AbortSignal | undefined) {
    const changes = new Map<string, ChangeBase>();
    const [first, last] = changeVersionRange(from, to);
    const range = { partition: indexPartitions.target(target), index: true, sort: { from: first, to: last } };
    let cursor: string | undefined;
    do {
      const page = await listPage(this.#client, range, { limit: historyPage, cursor, signal }, decode);
      if (!page.ok)
        return page.failure.outcome === 'invalid'
          ? unreadable
          : { ok: false as const, failure: page.failure };
      for (const change of page.value.items) changes.set(change.id, change);
      cursor = page.value.cursor;
    } while (cursor !== undefined);
    return ok(changes);
  }

  /** Only a tombstone that was purged leaves nothing: then the change is older than a tombstone lives. */
  #withoutItem(change: ChangeBase): ChangeFate {
    return this.#clock() - Date.parse(change.at) > tombstoneMilliseconds ? 'unknown' : 'not_applied';
  }

  /** A change from before a purge is not in the chain of the target's second life. */
  #notInChain(change: ChangeBase, createdAt: string): ChangeFate {
    return Date.parse(createdAt) - Date.parse(change.at) > tombstoneMilliseconds ? 'unknown' : 'not_applied';
  }
}
