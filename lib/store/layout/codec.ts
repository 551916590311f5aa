/** How a kind of record becomes an item and is read back: what all kinds have in common. */
import type { Stored } from '../../records/bookkeeping.ts';
import type { Envelope, KeyedItem } from './items.ts';
import { decodeItem } from './unreadable.ts';
import type { Decoded } from './unreadable.ts';
import type { IndexKey, ItemKey } from './keys.ts';
import type { DeletedState, LiveState, RecordKind, RecordOf, RefOf, StoredOf } from '../../records/kinds.ts';

/** How a record is read back from its item: all that a review needs. */
export interface RecordReader<K extends RecordKind> {
  /** The highest schema version that this release reads. */
  readonly schemaVersion: number;
  refOf(key: ItemKey): RefOf<K> | undefined;
  /** The ref as one text. */
  refText(ref: RefOf<K>): string;
  /** `undefined` if it is not such a record, or not the one that its key names. */
  parse(ref: RefOf<K>, record: unknown): RecordOf<K> | undefined;
  toStored(ref: RefOf<K>, record: RecordOf<K>, stored: Stored): StoredOf<K>;
}

export interface Codec<K extends RecordKind> extends RecordReader<K> {
  key(ref: RefOf<K>): ItemKey;
  indexKey(ref: RefOf<K>, createdAt: string): IndexKey;
}

/** The record, if it parses and is the one that its key names. */
export const ifNamed = <T>(record: T | undefined, isNamed: (record: T) => boolean): T | undefined =>
  record !== undefined && isNamed(record) ? record : undefined;

export const idRef = (id: string | undefined): { readonly id: string } | undefined =>
  id === undefined ? undefined : { id };

/** The state of a record, from its item. */
export const readWith = <K extends RecordKind>(
  kind: K,
  reader: RecordReader<K>,
  item: KeyedItem,
): Decoded<LiveState<K> | DeletedState<K>> =>
  decodeItem(
    reader.schemaVersion,
    item,
    (key) => {
      const ref = reader.refOf(key);
      return { kind, key: ref === undefined ? `${key.pk} ${key.sk}` : reader.refText(ref) };
    },
    (envelope) => toState(kind, reader, envelope),
  );

/** `undefined`: the item is of another kind, or its record is damaged. */
function toState<K extends RecordKind>(
  kind: K,
  reader: RecordReader<K>,
  envelope: Envelope,
): LiveState<K> | DeletedState<K> | undefined {
  const ref = reader.refOf(envelope);
  if (ref === undefined) return undefined;
  const { version, changeId, fence, createdAt, createdBy, updatedAt, updatedBy } = envelope;
  const common = { kind, ref, version, changeId, fence };
  if (envelope.deleted === true) {
    return { ...common, state: 'deleted', deletedAt: updatedAt, deletedBy: updatedBy };
  }
  const record = reader.parse(ref, envelope.record);
  if (record === undefined) return undefined;
  const stored = { version, createdAt, createdBy, updatedAt, updatedBy };
  return { ...common, state: 'live', record, stored: reader.toStored(ref, record, stored) };
}
