/** Cursors of lists that the API composes of several store lists: opaque to the client, validated on return. */
import type * as z from 'zod/mini';
import { invalidCursor } from './store-results.ts';

export const encodeCursor = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** @throws AdminProblem `invalid_input` */
export function decodeCursor<T>(schema: z.ZodMiniType<T>, cursor: string): T {
  const parsed = schema.safeParse(jsonOf(cursor));
  if (!parsed.success) throw invalidCursor();
  return parsed.data;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
