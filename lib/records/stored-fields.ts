/**
 * Fields as the table holds them: types only, since the input schemas have checked the values when they were written.
 * A field that is not known is left out, so that an older function can read what a newer one wrote.
 */
import * as v from 'valibot';
import { partitionIds } from '../identity/partitions.ts';
import { isScope } from './scope.ts';
import type { Scope } from './scope.ts';

export const storedPartition = v.picklist(partitionIds);
export const storedTexts = v.array(v.string());
export const storedScope = v.custom<Scope>((value) => typeof value === 'string' && isScope(value));

/** Strict, unlike the rest: a principal of two kinds would be found by only one of them. */
export const storedPrincipal = v.union([
  v.strictObject({ arn: v.string() }),
  v.strictObject({
    permissionSet: v.strictObject({
      accountId: v.string(),
      name: v.string(),
      partition: v.optional(storedPartition),
    }),
  }),
  v.strictObject({
    accountId: v.string(),
    partition: v.optional(storedPartition),
  }),
]);

/** @returns a parser that returns `undefined` for what does not fit the schema */
export const parserOf =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (record: unknown): T | undefined => {
    const parsed = v.safeParse(schema, record);
    return parsed.success ? parsed.output : undefined;
  };
