/** Cursors of lists that the API composes of several store lists: opaque to the client, validated on return. */
import * as v from 'valibot';
import { parseJson } from '../../json/parse-json.ts';
import { invalidCursor } from './store-results.ts';

export const encodeCursor = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** @throws AdminProblem `invalid_input` */
export function decodeCursor<T>(schema: v.GenericSchema<unknown, T>, cursor: string): T {
  const parsed = v.safeParse(schema, jsonOf(cursor));
  if (!parsed.success) throw invalidCursor();
  return parsed.output;
}

/** `Buffer` skips what is not base64url, and replaces what is not UTF-8: only text that encodes to itself is a cursor. */
function jsonOf(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') !== cursor) return undefined;
  const json = parseJson(text);
  return json.ok ? json.value : undefined;
}
