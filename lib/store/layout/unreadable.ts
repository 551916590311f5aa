/**
 * Items that cannot be read: damaged, or written by a newer version of Countersign. Such an item never counts as
 * an absent one, and it is reported by name, so that it blocks nothing but itself. See docs/data-model.md.
 */
import type { Failed, Result, Unavailable, UnavailableOf, UnreadableItem } from '../../errors.ts';
import { failed, ok } from '../../errors.ts';
import { toEnvelope } from './items.ts';
import type { Envelope, KeyedItem, PlainItem } from './items.ts';
import type { ItemKey } from './keys.ts';

/** *Unavailable* because of one item. */
export type UnreadableFailure = UnavailableOf<'store_unavailable'> & {
  readonly data: { readonly item: UnreadableItem };
};

/** What an item holds, or the reason why it cannot be read. */
export type Decoded<T> = Result<T, UnreadableFailure>;

/** The item, if the failure is about one item only. */
export const unreadableItemOf = (failure: Unavailable): UnreadableItem | undefined =>
  failure.code === 'store_unavailable' ? failure.data.item : undefined;

export const unreadableFailure = (item: UnreadableItem): Failed<UnreadableFailure> =>
  failed({
    outcome: 'unavailable',
    code: 'store_unavailable',
    data: { cause: `unreadable ${item.kind}: ${item.reason}`, item },
  });

/** Kind and key of a record, for people. */
export type ItemName = Pick<UnreadableItem, 'kind' | 'key'>;

/** @param newer absent: the item is damaged */
export const unreadableBy = (name: ItemName, newer?: { readonly found: number; readonly known: number }) =>
  unreadableFailure({
    ...name,
    reason:
      newer === undefined
        ? 'it is damaged; an admin can delete it with force, and create it again'
        : `it has schema version ${newer.found} and this function reads up to ${newer.known}; upgrade this function first`,
  });

/** An item without the attribute was written before there was one: version 1. `undefined`: the attribute is damaged. */
export function schemaOf({ schema = 1 }: PlainItem): number | undefined {
  return typeof schema === 'number' && Number.isSafeInteger(schema) && schema >= 1 ? schema : undefined;
}

/**
 * Reads a record back from its item. A tombstone stays readable whatever its schema version is: it restricts nothing.
 * @param known the highest schema version that this release reads
 * @param name of the record, for the failure
 * @param decode returns `undefined` if the envelope does not hold a record of the kind
 */
export function decodeItem<T>(
  known: number,
  item: KeyedItem,
  name: (key: ItemKey) => ItemName,
  decode: (envelope: Envelope) => T | undefined,
): Decoded<T> {
  const envelope = toEnvelope(item);
  const found = schemaOf(item);
  if (envelope?.deleted !== true) {
    if (found !== undefined && found > known) return unreadableBy(name(item), { found, known });
    if (found === undefined) return unreadableBy(name(item));
  }
  const decoded = envelope === undefined ? undefined : decode(envelope);
  return decoded === undefined ? unreadableBy(name(item)) : ok(decoded);
}
