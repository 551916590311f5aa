/** What a schema found, as the API tells it: one path and one sentence each. */
import type * as z from 'zod/mini';
import { en } from 'zod/v4/locales';
import { pathText } from '../json/value-path.ts';
import type { InputError } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Sentences for the issues that have none of their own: zod/mini brings none. */
const english = en().localeError;

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly InputError[] };

/** Parses, and tells every problem at once. */
export function parseInput<T>(schema: z.ZodMiniType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value, { error: english });
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, errors: flatten(result.error.issues, []) };
}

function flatten(issues: readonly Issue[], base: Path): InputError[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    const message = sentence(issue.message);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathText([...path, key]), message }));
    }
    const meant = issue.code === 'invalid_union' ? meantOf(issue.errors) : undefined;
    return meant === undefined ? [{ path: pathText(path), message }] : flatten(meant, path);
  });
}

/** The alternative of a union that was meant: the only one that has all the fields given. Else the union speaks. */
function meantOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  // What is wrong with the whole (a field too many, another type) has an empty path.
  const fitting = alternatives.filter((issues) => issues.every((issue) => issue.path.length > 0));
  return fitting.length === 1 ? fitting[0] : undefined;
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
