/** Parses input by a schema, and reports every problem as a path and a sentence. */
import * as v from 'valibot';
import { failed, ok, type Result } from '../errors.ts';
import { listedProblems, moreIn, moreProblems } from './more-problems.ts';
import { pathText } from './value-path.ts';

/** One problem of the input; `path` as in `groups[2]`, empty for the input as a whole. */
export interface InputError {
  readonly path: string;
  readonly message: string;
  /** Of a problem that stands for others, which are not listed: how many. */
  readonly more?: number;
}

export type Parsed<T> = Result<T, readonly InputError[]>;

/** Parses, and reports every problem at once, see {@link listed}. */
export function parseInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Parsed<T> {
  const result = v.safeParse(schema, value);
  return result.success ? ok(result.output) : failed(listed(result.issues.map(toError)));
}

/** The first {@link listedProblems} problems; the last one stands for the others, if there are more. */
export function listed(problems: readonly InputError[]): readonly InputError[] {
  const all = problems.filter(({ more }) => more === undefined);
  const kept = all.slice(0, listedProblems);
  const more = problems.reduce((sum, problem) => sum + (problem.more ?? 0), all.length - kept.length);
  return more === 0 ? kept : [...kept, { path: '', message: moreProblems(more), more }];
}

function toError(issue: v.BaseIssue<unknown>): InputError {
  const more = moreIn(issue);
  return {
    path: pathText((issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))),
    message: sentence(issue.message),
    ...(more === undefined ? {} : { more }),
  };
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
