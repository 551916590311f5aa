/** Cursors of lists that the API composes of several store lists: opaque to the client, validated on return. */
import * as v from 'valibot';
import { invalidCursor } from './store-results.ts';

export const encodeCursor = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** @throws AdminProblem `invalid_input` */
export function decodeCursor<T>(schema: v.GenericSchema<unknown, T>, cursor: string): T {
  const parsed = v.safeParse(schema, jsonOf(cursor));
  if (!parsed.success) throw invalidCursor();
  return parsed.output;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
