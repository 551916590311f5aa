/** A cluster whose apiservers ask for reviews. */
import * as v from 'valibot';
import type { PartitionId } from '../identity/partitions.ts';
import { withoutBookkeeping } from './bookkeeping.ts';
import type { Stored } from './bookkeeping.ts';
import { clusterId, flag, name, partition, plainGroups, prose, setOf } from './input/fields.ts';
import { recordInput } from './kind.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
import { parserOf, storedPartition, storedTexts } from './stored-fields.ts';

export interface Cluster {
  readonly id: string;
  readonly description?: string | undefined;
  readonly partition: PartitionId;
  /** At most 5. */
  readonly sets: readonly string[];
  readonly adminGroups: readonly string[];
  readonly disabled?: boolean | undefined;
}

export interface ClusterRef {
  readonly id: string;
}

export type StoredCluster = Cluster & Stored;

export interface ClusterKind {
  readonly kind: 'cluster';
  readonly list: 'clusters';
  readonly ref: ClusterRef;
  readonly record: Cluster;
  readonly stored: StoredCluster;
}

export const clusterFields = ['id', 'description', 'partition', 'sets', 'adminGroups', 'disabled'] as const;

const storedFields = {
  id: v.string(),
  description: v.optional(v.string()),
  partition: storedPartition,
  sets: storedTexts,
  adminGroups: storedTexts,
  disabled: v.optional(v.boolean()),
} satisfies FieldsOf<Cluster>;

export const parseStoredCluster = parserOf<Cluster>(v.object(storedFields));

/** See `KindDefinition`. Separate from the definition, so that the reviewer does not load all of it. */
export const clusterSchemaVersion = 1;

export const clusterKind: KindDefinition<ClusterKind> = {
  kind: 'cluster',
  list: 'clusters',
  noun: 'cluster',
  schemaVersion: clusterSchemaVersion,
  inputFields: clusterFields,
  refOf: ({ id }) => ({ id }),
  refText: ({ id }) => id,
  parseRefText: (id) => ({ id }),
  toRecord: withoutBookkeeping,
  parseStored: parseStoredCluster,
};

/* @__NO_SIDE_EFFECTS__ */
function clusterSchema() {
  return recordInput('a cluster', clusterFields, {
    id: clusterId,
    description: v.optional(prose('description')),
    partition: v.optional(partition, 'aws'),
    sets: v.optional(setOf('sets', name('a set'), 5), []),
    adminGroups: v.optional(plainGroups, ['system:masters']),
    disabled: v.optional(flag('disabled')),
  } satisfies FieldsOf<Cluster>);
}

export const clusterInput = clusterSchema();
