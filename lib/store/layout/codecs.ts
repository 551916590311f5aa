/** Every kind of record: its key, its index attributes, and how its item is read back. */
import { parseStoredBinding } from '../../records/binding.ts';
import { parseStoredSet } from '../../records/set.ts';
import { idRef, ifNamed, readWith } from './codec.ts';
import type { Codec } from './codec.ts';
import type { Bookkeeping, KeyedItem } from './items.ts';
import {
  bindingIdOf,
  bindingKey,
  clusterKey,
  denialKey,
  indexPartitions,
  mappingKey,
  setKey,
  setNameOf,
} from './keys.ts';
import type { ItemKey } from './keys.ts';
import { kinds } from '../../records/kinds.ts';
import type { DeletedState, LiveState, RecordKind, RecordOf, RefOf } from '../../records/kinds.ts';
import { clusterReader, denialReader, mappingReader } from './review-readers.ts';
import type { Decoded } from './unreadable.ts';
import { webhookTokenSchemaVersion } from './webhook-token-item.ts';

const setCodec: Codec<'set'> = {
  schemaVersion: kinds.set.schemaVersion,
  key: ({ name }) => setKey(name),
  refOf: (key) => {
    const name = setNameOf(key);
    return name === undefined ? undefined : { name };
  },
  refText: ({ name }) => name,
  indexKey: ({ name }) => ({ gsi1pk: indexPartitions.set, gsi1sk: name }),
  parse: ({ name }, record) => ifNamed(parseStoredSet(record), (set) => set.name === name),
  toStored: (_ref, set, stored) => ({ ...set, ...stored }),
};

const bindingCodec: Codec<'binding'> = {
  schemaVersion: kinds.binding.schemaVersion,
  key: ({ id }) => bindingKey(id),
  refOf: (key) => idRef(bindingIdOf(key)),
  refText: ({ id }) => id,
  indexKey: ({ id }) => ({ gsi1pk: indexPartitions.binding, gsi1sk: id }),
  parse: ({ id }, record) => ifNamed(parseStoredBinding(record), (binding) => binding.id === id),
  toStored: (_ref, binding, stored) => ({ ...binding, ...stored }),
};

const clusterCodec: Codec<'cluster'> = {
  ...clusterReader,
  key: ({ id }) => clusterKey(id),
  indexKey: ({ id }) => ({ gsi1pk: indexPartitions.cluster, gsi1sk: id }),
};

const mappingCodec: Codec<'mapping'> = {
  ...mappingReader,
  key: mappingKey,
  indexKey: ({ scope, principalKey, owner }) => ({
    gsi1pk: indexPartitions.scope(scope),
    gsi1sk: `${principalKey}#${owner}`,
  }),
};

const denialCodec: Codec<'denial'> = {
  ...denialReader,
  key: denialKey,
  indexKey: (ref, createdAt) => ({
    gsi1pk: indexPartitions.denial,
    gsi1sk: `${createdAt}#${denialReader.refText(ref)}`,
  }),
};

const codecs: { readonly [K in RecordKind]: Codec<K> } = {
  cluster: clusterCodec,
  set: setCodec,
  mapping: mappingCodec,
  denial: denialCodec,
  binding: bindingCodec,
};

/** What has a schema version: records and webhook tokens. */
export type VersionedKind = RecordKind | 'webhook-token';

export const schemaVersionOf = (kind: VersionedKind): number =>
  kind === 'webhook-token' ? webhookTokenSchemaVersion : kinds[kind].schemaVersion;

export const keyOf = <K extends RecordKind>(kind: K, ref: RefOf<K>): ItemKey => codecs[kind].key(ref);

/** The item of a live record. */
export const encodeRecord = <K extends RecordKind>(
  kind: K,
  ref: RefOf<K>,
  record: RecordOf<K>,
  bookkeeping: Bookkeeping,
): KeyedItem => ({
  ...codecs[kind].key(ref),
  ...codecs[kind].indexKey(ref, bookkeeping.createdAt),
  ...bookkeeping,
  record,
  schema: codecs[kind].schemaVersion,
});

/** The state of a record, from its item. */
export const decodeRecordItem = <K extends RecordKind>(
  kind: K,
  item: KeyedItem,
): Decoded<LiveState<K> | DeletedState<K>> => readWith(kind, codecs[kind], item);

/** A record in the log's before or after. `undefined`: it is not one of that name. */
export const parseRecord = <K extends RecordKind>(
  kind: K,
  ref: RefOf<K>,
  record: unknown,
): RecordOf<K> | undefined => codecs[kind].parse(ref, record);
