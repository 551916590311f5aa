/** A choice of objects, as a schema that explains what is wrong with the alternative that was meant. */
import * as v from 'valibot';
import { isRecord } from './record.ts';
import { errorFor, knowsAll, lacksNone } from './strict-object.ts';

type Alternative = v.GenericSchema;
type Message = ReturnType<typeof errorFor>;
export type OneOf<A extends readonly Alternative[]> = v.UnionSchema<A, Message>;

/**
 * One of several strict objects. If only one alternative has all the fields that are present, or else if only one has all
 * its required fields, its problems are reported; otherwise the sentence of the whole is.
 * @param what begins the sentence: "principal"
 * @param takes which fields there are, in words
 */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const A extends readonly Alternative[]>(
  what: string,
  takes: string,
  alternatives: A,
): OneOf<A> {
  const schema: OneOf<A> = v.union(alternatives, errorFor(what, `an object of ${takes}`));
  return {
    ...schema,
    '~run'(dataset, config) {
      const input = dataset.value;
      // Thousands of entries are judged: the alternative whose fields they are is the one that was meant.
      const byFields = onlyOne(alternatives.filter((alternative) => hasFieldsOf(alternative, input)));
      if (byFields !== undefined) return byFields['~run']({ value: input }, config);
      const tried = alternatives.map((alternative) => {
        const result = alternative['~run']({ value: input }, config);
        return { result, issues: result.issues ?? [] };
      });
      const meant =
        onlyOne(tried.filter(({ issues }) => knowsAll(issues))) ??
        onlyOne(tried.filter(({ issues }) => lacksNone(issues)));
      return meant === undefined ? schema['~run']({ value: input }, config) : meant.result;
    },
  };
}

/** Whether all fields of the input are fields of the alternative. */
const hasFieldsOf = (alternative: Alternative, input: unknown): boolean => {
  if (!('entries' in alternative) || !isRecord(alternative.entries) || !isRecord(input)) return false;
  const { entries } = alternative;
  return Object.keys(input).every((key) => Object.hasOwn(entries, key));
};

const onlyOne = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);
