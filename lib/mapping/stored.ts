/**
 * The records as the table holds them: shapes alone, since `schemas.ts` has judged them when
 * they were written. A field that is not known is left out, so that an older function can read what a newer one wrote.
 */
import * as z from 'zod/mini';
import { partitionIds } from '../identity/partitions.ts';
import { clusterIdPattern, namePattern } from './scope.ts';
import type { Cluster, ClusterSet, Denial, GroupBinding, Mapping } from './types.ts';

const partition = z.enum(partitionIds);
const texts = z.array(z.string());

const scopeSchema = z.union([
  z.literal('all'),
  z.templateLiteral(['cluster/', z.string().check(z.regex(clusterIdPattern))]),
  z.templateLiteral(['set/', z.string().check(z.regex(namePattern))]),
]);

/** Strict, unlike the rest: a principal of two kinds would be found by only one of them. */
const principalRecord = z.union([
  z.strictObject({ arn: z.string() }),
  z.strictObject({
    permissionSet: z.strictObject({
      accountId: z.string(),
      name: z.string(),
      partition: z.optional(partition),
    }),
  }),
  z.strictObject({ accountId: z.string(), partition: z.optional(partition) }),
]);

const clusterRecord = z.object({
  id: z.string(),
  description: z.optional(z.string()),
  partition,
  sets: texts,
  adminGroups: texts,
  disabled: z.optional(z.boolean()),
});

const setRecord = z.object({ name: z.string(), description: z.optional(z.string()) });

const mappingRecord = z.object({
  scope: scopeSchema,
  principal: principalRecord,
  owner: z.enum(['manual', 'group-sync']),
  username: z.string(),
  groups: texts,
  expiresAt: z.optional(z.string()),
  principalId: z.optional(z.string()),
  instanceProfiles: z.optional(texts),
  contributions: z.optional(z.record(z.string(), z.object({ username: z.string(), groups: texts }))),
});

const why = { reason: z.string(), sessionName: z.optional(z.string()) };

const denialRecord = z.union([
  z.object({ principal: principalRecord, ...why }),
  z.object({ principalId: z.string(), ...why }),
  z.object({ accessKeyId: z.string(), ...why }),
]);

const bindingRecord = z.object({
  id: z.string(),
  iamGroup: z.string(),
  readerRoleArn: z.optional(z.string()),
  externalId: z.optional(z.string()),
  scope: scopeSchema,
  username: z.string(),
  groups: texts,
  allowSystemGroups: z.optional(z.boolean()),
});

/** Each parser gives `undefined` for what is not such a record: then the item is unreadable, never absent. */
const parser =
  <T>(schema: z.ZodMiniType<T>) =>
  (record: unknown): T | undefined => {
    const parsed = schema.safeParse(record);
    return parsed.success ? parsed.data : undefined;
  };

export const parseStoredCluster: (record: unknown) => Cluster | undefined = parser(clusterRecord);
export const parseStoredSet: (record: unknown) => ClusterSet | undefined = parser(setRecord);
export const parseStoredMapping: (record: unknown) => Mapping | undefined = parser(mappingRecord);
export const parseStoredDenial: (record: unknown) => Denial | undefined = parser(denialRecord);
export const parseStoredBinding: (record: unknown) => GroupBinding | undefined = parser(bindingRecord);
