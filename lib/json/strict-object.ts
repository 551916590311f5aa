/** Schemas of objects from outside that report every problem at once, each with a sentence of its own. */
import * as v from 'valibot';
import { listedProblems, moreIssue } from './more-problems.ts';
import { isRecord, ownField } from './record.ts';

type Message = (issue: { readonly input?: unknown }) => string;

/** `rule` completes "<field> must be …" and "<field> is missing: give …". */
/* @__NO_SIDE_EFFECTS__ */
export function errorFor(field: string, rule: string): Message {
  return ({ input }) =>
    input === undefined ? `${field} is missing: give ${rule}.` : `${field} must be ${rule}.`;
}

export type StrictObject<E extends v.ObjectEntries> = v.StrictObjectSchema<E, Message>;

/**
 * An object with these fields and no others. Unlike valibot's own, it reports all unknown fields, lets the schema of a
 * missing field say what to give, and accepts no arrays.
 * @param what begins each sentence: "a cluster"
 * @param takes which fields there are, in words. Default: their names
 */
/* @__NO_SIDE_EFFECTS__ */
export function strictObject<const E extends v.ObjectEntries>(
  what: string,
  entries: E,
  takes: string = Object.keys(entries).join(', ') || 'none',
): StrictObject<E> {
  const schema: StrictObject<E> = v.strictObject(entries, errorFor(what, `an object of ${takes}`));
  const fields = Object.entries(entries).map(([key, { type }]) => ({
    key,
    required: !optionalTypes.has(type),
  }));
  return {
    ...schema,
    '~run'(dataset, config) {
      const input = dataset.value;
      if (!isRecord(input)) return schema['~run']({ value: input === undefined ? undefined : null }, config);
      const result = schema['~run']({ value: knownFields(fields, input) }, config);
      const unknown = Object.keys(input).filter((key) => !Object.hasOwn(entries, key));
      if (unknown.length === 0) return result;
      const message = `${what} has no field ${someOf(unknown)}: it takes ${takes}.`;
      for (const key of unknown.slice(0, listedProblems)) {
        v._addIssue(schema, 'key', result, config, {
          input: key,
          expected: unknownField,
          message,
          path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
        });
      }
      const more = unknown.length - listedProblems;
      if (more > 0) result.issues?.push(moreIssue(more));
      return result;
    },
  };
}

/** As many names as a sentence bears, none of them longer than a line. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name));
  const more = names.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** How an issue about an unknown field is distinguished from others. */
const unknownField = 'no such field';

const isUnknownField = ({ path, expected }: v.BaseIssue<unknown>): boolean =>
  path?.length === 1 && expected === unknownField;

/** Whether all present fields are fields of the object. */
export const knowsAll = (issues: readonly v.BaseIssue<unknown>[]): boolean =>
  !issues.some((issue) => issue.path === undefined || isUnknownField(issue));

/** Whether all required fields are present. */
export const lacksNone = (issues: readonly v.BaseIssue<unknown>[]): boolean =>
  !issues.some(
    (issue) =>
      issue.path === undefined ||
      (issue.path.length === 1 && issue.input === undefined && !isUnknownField(issue)),
  );

/** The input, with `undefined` for each missing field that is required. */
function knownFields(
  fields: readonly { readonly key: string; readonly required: boolean }[],
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const { key, required } of fields) {
    if (required || Object.hasOwn(input, key)) known[key] = ownField(input, key);
  }
  return known;
}

const optionalTypes: ReadonlySet<string> = /* @__PURE__ */ new Set(['optional', 'exact_optional', 'nullish']);
