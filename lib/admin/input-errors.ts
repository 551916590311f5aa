/** What a schema found, as the API reports it: one path and one sentence each. */
import * as v from 'valibot';
import { pathText } from '../json/value-path.ts';
import type { InputError } from './problem.ts';

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly InputError[] };

/** Parses, and reports every problem at once. */
export function parseInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Parsed<T> {
  const result = v.safeParse(schema, value);
  return result.success
    ? { ok: true, value: result.output }
    : { ok: false, errors: result.issues.map(toError) };
}

const toError = ({ path, message }: v.BaseIssue<unknown>): InputError => ({
  path: pathText((path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))),
  message: sentence(message),
});

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
