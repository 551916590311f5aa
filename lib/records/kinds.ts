/**
 * The registry of the kinds of record that admins and the group sync write. Code that handles every kind gets its
 * names, keys and order from here.
 */
import { bindingKind } from './binding.ts';
import type { BindingKind, bindingFields } from './binding.ts';
import { clusterKind } from './cluster.ts';
import type { ClusterKind, clusterFields } from './cluster.ts';
import { denialKind } from './denial.ts';
import type { DenialKind, denialFields } from './denial.ts';
import type { KindDefinition } from './kind.ts';
import { mappingKind } from './mapping.ts';
import type { MappingKind, mappingFields } from './mapping.ts';
import { setKind } from './set.ts';
import type { SetKind, setFields } from './set.ts';

interface RecordKinds {
  readonly set: SetKind;
  readonly cluster: ClusterKind;
  readonly mapping: MappingKind;
  readonly denial: DenialKind;
  readonly binding: BindingKind;
}

export type RecordKind = keyof RecordKinds;
export type RefOf<K extends RecordKind> = RecordKinds[K]['ref'];
export type RecordOf<K extends RecordKind> = RecordKinds[K]['record'];
export type StoredOf<K extends RecordKind> = RecordKinds[K]['stored'];
/** The field of a desired state that lists records of a kind. */
export type ListOf<K extends RecordKind = RecordKind> = RecordKinds[K]['list'];

/** The fields that a writer of each kind sets, by name. */
interface InputFields {
  readonly set: (typeof setFields)[number];
  readonly cluster: (typeof clusterFields)[number];
  readonly mapping: (typeof mappingFields)[number];
  readonly denial: (typeof denialFields)[number];
  readonly binding: (typeof bindingFields)[number];
}
export type InputField<K extends RecordKind> = InputFields[K];

/** In the order of writes: a record comes after those that it refers to. */
export const kinds: { readonly [K in RecordKind]: KindDefinition<RecordKinds[K]> } = {
  set: setKind,
  cluster: clusterKind,
  mapping: mappingKind,
  denial: denialKind,
  binding: bindingKind,
};

export const isRecordKind = (text: string): text is RecordKind => Object.hasOwn(kinds, text);

/** The order of creates and updates: a record comes after those that it refers to. */
export const writeOrder: readonly RecordKind[] = Object.keys(kinds).filter(isRecordKind);

/** A record is deleted before those that it refers to. */
export const deleteOrder: readonly RecordKind[] = writeOrder.toReversed();

/** The fields of a record that its writer sets: without bookkeeping, id and key. */
export const recordOf = <K extends RecordKind>(kind: K, stored: StoredOf<K>): RecordOf<K> =>
  kinds[kind].toRecord(stored);

/** The record exists. `fence`: the fencing number of the lease under which the group sync last wrote it. */
export interface LiveState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'live';
  readonly version: number;
  /** The id of the change that wrote this version. */
  readonly changeId: string;
  readonly fence?: number | undefined;
  /** The fields that its writer set. */
  readonly record: RecordOf<K>;
  /** The same with its bookkeeping and its id. */
  readonly stored: StoredOf<K>;
}

/** The record was deleted: a tombstone holds its version for 30 days, so that a re-creation continues it. */
export interface DeletedState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'deleted';
  readonly version: number;
  readonly changeId: string;
  readonly fence?: number | undefined;
  /** RFC 3339, UTC. */
  readonly deletedAt: string;
  readonly deletedBy: string;
}

/** The table holds neither the record nor a tombstone. */
export interface AbsentState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'absent';
  readonly version: 0;
}

/** What a strongly consistent read found under one key. A write is conditional on exactly this. */
export type RecordState<K extends RecordKind> = LiveState<K> | DeletedState<K> | AbsentState<K>;
