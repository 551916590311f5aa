/** A stored record without what the store adds: the fields that a writer gives. */
import type { RecordKind, RecordOf, StoredOf } from '../../records/kinds.ts';
import type { Stored } from '../../records/types.ts';

function withoutStored<T extends Stored>(stored: T): Omit<T, keyof Stored> {
  const { version: _v, createdAt: _ca, createdBy: _cb, updatedAt: _ua, updatedBy: _ub, ...rest } = stored;
  return rest;
}

const strippers: { readonly [K in RecordKind]: (stored: StoredOf<K>) => RecordOf<K> } = {
  cluster: withoutStored,
  set: withoutStored,
  binding: withoutStored,
  mapping: (stored) => {
    const { id: _id, principalKey: _key, ...record } = withoutStored(stored);
    return record;
  },
  denial: (stored) => {
    const {
      id: _id,
      principalKey: _key,
      version: _v,
      createdAt: _ca,
      createdBy: _cb,
      updatedAt: _ua,
      updatedBy: _ub,
      ...record
    } = stored;
    return record;
  },
};

/** The record of a kind as its writer gave it. */
export const recordOf = <K extends RecordKind>(kind: K, stored: StoredOf<K>): RecordOf<K> =>
  strippers[kind](stored);
