/** Whether a logged change was applied: found by going back from the target's item through `previous`. */
import type { Instant, Result, Unavailable } from '../../../errors.ts';
import { ok } from '../../../errors.ts';
import type { ChangeBase, ChangeOutcome } from '../../change-record.ts';
import { toEnvelope, tombstoneMilliseconds } from '../../layout/items.ts';
import { changeVersionRange, indexPartitions } from '../../layout/keys.ts';
import type { ItemKey } from '../../layout/keys.ts';
import { unreadable } from '../../layout/item-names.ts';
import { readWholeList } from '../../pages.ts';
import { listPage } from '../cursor.ts';
import type { TableClient } from '../table-client.ts';
import { changeKey, decodeChangeBase } from './items.ts';

/** Changes of one target that one Query reads. */
const historyPage = 100;

type Head = { readonly changeId: string; readonly version: number; readonly createdAt: string };

export class ChangeOutcomes {
  readonly #client: TableClient;
  readonly #clock: () => Instant;

  constructor(client: TableClient, clock: () => Instant) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @param key of the item that the change is about */
  async outcomeOf(
    change: ChangeBase,
    { pk, sk }: ItemKey,
    signal?: AbortSignal,
  ): Promise<Result<ChangeOutcome, Unavailable>> {
    const item = await this.#client.get({ pk, sk }, signal);
    if (!item.ok) return item;
    if (item.value === undefined) return ok(this.#withoutItem(change));
    const head = toEnvelope(item.value);
    if (head === undefined) return unreadable(item.value);
    if (head.changeId === change.id) return ok('applied');
    if (head.version <= change.version) return ok(notInChain(change, head));
    return this.#walk(change, head, signal);
  }

  /** From the item's change back to the change's version. The index lags: what it lacks is read by key. */
  async #walk(
    change: ChangeBase,
    head: Head,
    signal: AbortSignal | undefined,
  ): Promise<Result<ChangeOutcome, Unavailable>> {
    const known = await this.#history(change.target, change.version + 1, head.version, signal);
    if (!known.ok) return known;
    let id: string | undefined = head.changeId;
    while (id !== undefined && id !== change.id) {
      let at = known.value.get(id);
      if (at === undefined) {
        const read = await this.#readBase(id, signal);
        if (!read.ok) return read;
        at = read.value;
      }
      if (at === undefined || at.version <= change.version) break;
      id = at.previous;
    }
    return ok(id === change.id ? 'applied' : notInChain(change, head));
  }

  async #history(
    target: string,
    from: number,
    to: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<ReadonlyMap<string, ChangeBase>, Unavailable>> {
    const [first, last] = changeVersionRange(from, to);
    const range = { partition: indexPartitions.target(target), index: true, sort: { from: first, to: last } };
    const changes = await readWholeList((page) => listPage(this.#client, range, page, decodeChangeBase), {
      limit: historyPage,
      signal,
    });
    return changes.ok ? ok(new Map(changes.value.items.map((change) => [change.id, change]))) : changes;
  }

  async #readBase(
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<Result<ChangeBase | undefined, Unavailable>> {
    const key = changeKey(id);
    if (key === undefined) return ok(undefined);
    const item = await this.#client.get(key, signal);
    if (!item.ok || item.value === undefined) return item.ok ? ok(undefined) : item;
    return decodeChangeBase(item.value);
  }

  /** Only a purged tombstone leaves nothing behind: then the change is older than a tombstone's lifetime. */
  #withoutItem(change: ChangeBase): ChangeOutcome {
    return this.#clock() - Date.parse(change.at) > tombstoneMilliseconds ? 'unknown' : 'not_applied';
  }
}

/** A change from before a purge is not in the chain of a target that was created again after it. */
const notInChain = (change: ChangeBase, { createdAt }: Head): ChangeOutcome =>
  Date.parse(createdAt) - Date.parse(change.at) > tombstoneMilliseconds ? 'unknown' : 'not_applied';
