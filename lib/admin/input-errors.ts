/** What a schema found, as the API reports it: one path and one sentence each. */
import * as v from 'valibot';
import { failed, ok, type Result } from '../errors.ts';
import { pathText } from '../json/value-path.ts';
import type { InputError } from './problem.ts';

export type Parsed<T> = Result<T, readonly InputError[]>;

/** Parses, and reports every problem at once. */
export function parseInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Parsed<T> {
  const result = v.safeParse(schema, value);
  return result.success ? ok(result.output) : failed(result.issues.map(toError));
}

const toError = ({ path, message }: v.BaseIssue<unknown>): InputError => ({
  path: pathText((path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))),
  message: sentence(message),
});

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
