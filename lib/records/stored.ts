/**
 * The records as the table holds them: shapes alone, since `schemas.ts` has judged them when
 * they were written. A field that is not known is left out, so that an older function can read what a newer one wrote.
 */
import * as v from 'valibot';
import { partitionIds } from '../identity/partitions.ts';
import { recordOf } from '../json/record-schema.ts';
import { isScope } from './scope.ts';
import type { Cluster, ClusterSet, Denial, GroupBinding, Mapping, Scope } from './types.ts';

const partition = v.picklist(partitionIds);
const texts = v.array(v.string());

const scope = v.custom<Scope>((value) => typeof value === 'string' && isScope(value));

/** Strict, unlike the rest: a principal of two kinds would be found by only one of them. */
const principalRecord = v.union([
  v.strictObject({ arn: v.string() }),
  v.strictObject({
    permissionSet: v.strictObject({
      accountId: v.string(),
      name: v.string(),
      partition: v.optional(partition),
    }),
  }),
  v.strictObject({ accountId: v.string(), partition: v.optional(partition) }),
]);

const clusterRecord = v.object({
  id: v.string(),
  description: v.optional(v.string()),
  partition,
  sets: texts,
  adminGroups: texts,
  disabled: v.optional(v.boolean()),
});

const setRecord = v.object({ name: v.string(), description: v.optional(v.string()) });

const mappingRecord = v.object({
  scope,
  principal: principalRecord,
  owner: v.picklist(['manual', 'group-sync']),
  username: v.string(),
  groups: texts,
  expiresAt: v.optional(v.string()),
  principalId: v.optional(v.string()),
  instanceProfiles: v.optional(texts),
  contributions: v.optional(recordOf(v.object({ username: v.string(), groups: texts }))),
});

const why = { reason: v.string(), sessionName: v.optional(v.string()) };

const denialRecord = v.union([
  v.object({ principal: principalRecord, ...why }),
  v.object({ principalId: v.string(), ...why }),
  v.object({ accessKeyId: v.string(), ...why }),
]);

const bindingRecord = v.object({
  id: v.string(),
  iamGroup: v.string(),
  readerRoleArn: v.optional(v.string()),
  externalId: v.optional(v.string()),
  scope,
  username: v.string(),
  groups: texts,
  allowSystemGroups: v.optional(v.boolean()),
});

/** Each parser gives `undefined` for what is not such a record: then the item is unreadable, never absent. */
const parser =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (record: unknown): T | undefined => {
    const parsed = v.safeParse(schema, record);
    return parsed.success ? parsed.output : undefined;
  };

export const parseStoredCluster: (record: unknown) => Cluster | undefined = parser(clusterRecord);
export const parseStoredSet: (record: unknown) => ClusterSet | undefined = parser(setRecord);
export const parseStoredMapping: (record: unknown) => Mapping | undefined = parser(mappingRecord);
export const parseStoredDenial: (record: unknown) => Denial | undefined = parser(denialRecord);
export const parseStoredBinding: (record: unknown) => GroupBinding | undefined = parser(bindingRecord);
