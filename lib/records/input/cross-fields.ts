/** Rules between fields, reported together with those of single fields. */
import * as v from 'valibot';

/** One broken rule: the field that the message is about, and a sentence. */
export interface Broken {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Yields `undefined` for an invalid field, so that rules between fields can still check the others. */
/* @__NO_SIDE_EFFECTS__ */
export function ifValid<T>(field: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T | undefined> {
  return v.fallback(v.optional(field), undefined);
}

/**
 * A check for an object. It also runs if some fields are invalid, so that one answer reports every problem.
 * @param fields an object of {@link ifValid} fields, which so accepts any object
 */
/* @__NO_SIDE_EFFECTS__ */
export function crossFields<Input, T>(
  fields: v.GenericSchema<unknown, T>,
  rules: (fields: T) => readonly Broken[],
): v.RawCheckAction<Input> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const parsed = v.safeParse(fields, dataset.value);
    if (!parsed.success) return;
    for (const broken of rules(parsed.output)) addIssue(issueOf(broken));
  });
}

/** A check of a whole value. It runs only if every part is valid. */
export const wholeCheck = <T>(rules: (value: T) => readonly Broken[]): v.RawCheckAction<T> =>
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const broken of rules(dataset.value)) addIssue(issueOf(broken));
  });

function issueOf({ path, message }: Broken): v.RawCheckIssueInfo<unknown> {
  const [first, ...rest] = path.map(pathItem);
  return first === undefined ? { message } : { message, path: [first, ...rest] };
}

const pathItem = (key: string | number): v.IssuePathItem => ({
  type: 'unknown',
  origin: 'value',
  input: undefined,
  key,
  value: undefined,
});
