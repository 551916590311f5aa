/** How a kind of record becomes an item and is read back: what all kinds have in common. */
import type { Stored } from '../../records/bookkeeping.ts';
import type { Bookkeeping, Envelope, KeyedItem } from './items.ts';
import type { IndexKey, ItemKey } from './keys.ts';
import type { DeletedState, LiveState, RecordKind, RecordOf, RefOf, StoredOf } from '../../records/kinds.ts';

export interface Codec<K extends RecordKind> {
  key(ref: RefOf<K>): ItemKey;
  refOf(key: ItemKey): RefOf<K> | undefined;
  indexKey(ref: RefOf<K>, createdAt: string): IndexKey;
  /** `undefined` where it is not such a record, or not the one that its key names. */
  parse(ref: RefOf<K>, record: unknown): RecordOf<K> | undefined;
  toStored(ref: RefOf<K>, record: RecordOf<K>, stored: Stored): StoredOf<K>;
}

/** The record, if it parses and is the one that its key names. */
export const ifNamed = <T>(record: T | undefined, isNamed: (record: T) => boolean): T | undefined =>
  record !== undefined && isNamed(record) ? record : undefined;

export const idRef = (id: string | undefined): { readonly id: string } | undefined =>
  id === undefined ? undefined : { id };

/** The item of a live record. */
export const encodeWith = <K extends RecordKind>(
  codec: Codec<K>,
  ref: RefOf<K>,
  record: RecordOf<K>,
  bookkeeping: Bookkeeping,
): KeyedItem => ({
  ...codec.key(ref),
  ...codec.indexKey(ref, bookkeeping.createdAt),
  ...bookkeeping,
  record,
});

/** `undefined` where the item is unreadable: not of this kind, or damaged. */
export function decodeWith<K extends RecordKind>(
  kind: K,
  codec: Codec<K>,
  envelope: Envelope,
): LiveState<K> | DeletedState<K> | undefined {
  const ref = codec.refOf(envelope);
  if (ref === undefined) return undefined;
  const { version, changeId, fence, createdAt, createdBy, updatedAt, updatedBy } = envelope;
  const common = { kind, ref, version, changeId, fence };
  if (envelope.deleted === true) {
    return { ...common, state: 'deleted', deletedAt: updatedAt, deletedBy: updatedBy };
  }
  const record = codec.parse(ref, envelope.record);
  if (record === undefined) return undefined;
  const stored = { version, createdAt, createdBy, updatedAt, updatedBy };
  return { ...common, state: 'live', record, stored: codec.toStored(ref, record, stored) };
}
