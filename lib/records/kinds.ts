/** The kinds of record that admins and the group sync write, what names each, and the state it can be in. */
import type {
  Cluster,
  ClusterSet,
  Denial,
  DenialRef,
  GroupBinding,
  Mapping,
  MappingRef,
  StoredBinding,
  StoredCluster,
  StoredDenial,
  StoredMapping,
  StoredSet,
} from './types.ts';

/** Per kind: the parts of its key, the fields that a writer gives, and the record as it comes back. */
export interface RecordKinds {
  readonly cluster: {
    readonly ref: { readonly id: string };
    readonly record: Cluster;
    readonly stored: StoredCluster;
  };
  readonly set: {
    readonly ref: { readonly name: string };
    readonly record: ClusterSet;
    readonly stored: StoredSet;
  };
  readonly mapping: { readonly ref: MappingRef; readonly record: Mapping; readonly stored: StoredMapping };
  readonly denial: { readonly ref: DenialRef; readonly record: Denial; readonly stored: StoredDenial };
  readonly binding: {
    readonly ref: { readonly id: string };
    readonly record: GroupBinding;
    readonly stored: StoredBinding;
  };
}

export type RecordKind = keyof RecordKinds;
export type RefOf<K extends RecordKind> = RecordKinds[K]['ref'];
export type RecordOf<K extends RecordKind> = RecordKinds[K]['record'];
export type StoredOf<K extends RecordKind> = RecordKinds[K]['stored'];

/** There is such a record. `fence`: the fencing number of the lease under which group-sync last wrote it. */
export interface LiveState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'live';
  readonly version: number;
  /** The id of the change that made it what it is. */
  readonly changeId: string;
  readonly fence?: number | undefined;
  /** The fields that its writer gave. */
  readonly record: RecordOf<K>;
  /** The same with its bookkeeping and its id. */
  readonly stored: StoredOf<K>;
}

/** There was one: a tombstone holds its version for 30 days, so that a re-creation continues it. */
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

/** Nothing is known of it. */
export interface AbsentState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'absent';
  readonly version: 0;
}

/** What a strongly consistent read found under one key. A write is conditional on exactly this. */
export type RecordState<K extends RecordKind> = LiveState<K> | DeletedState<K> | AbsentState<K>;
