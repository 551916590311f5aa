/** What many routes share: query parameters, and how a write is answered. */
import * as z from 'zod/mini';
import type { RecordKind } from '../../../records/kinds.ts';
import type { Committed, WriteOptions } from '../../change/commit.ts';
import type { AdminRequest, Answer } from '../route.ts';
import { sentences } from '../../change/warnings.ts';
import type { Warning } from '../../change/warnings.ts';

const trueOrFalse = z.optional(
  z.pipe(
    z.enum(['true', 'false'], { error: 'This must be true or false.' }),
    z.transform((text) => text === 'true'),
  ),
);

const limitRule = 'limit must be a whole number from 1 to 200.';

/** `?limit=` (default 50) and `?cursor=`. */
export const pageParameters = {
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^(?:[1-9]\d?|1\d\d|200)$/, { error: limitRule })),
      z.transform((text) => Number(text)),
    ),
    50,
  ),
  cursor: z.optional(z.string().check(z.maxLength(8192))),
};
export const pageQuery = z.strictObject(pageParameters);

/** `?dryRun=` and `?force=`, on writes. */
export const writeQuery = z.strictObject({ dryRun: trueOrFalse, force: trueOrFalse });
export const dryRunQuery = z.strictObject({ dryRun: trueOrFalse });

interface WriteQuery {
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** What `commit` wants to know of a request. */
export const optionsOf = (request: AdminRequest<unknown, WriteQuery, unknown>): WriteOptions => ({
  caller: request.caller,
  ifMatch: request.ifMatch,
  dryRun: request.query.dryRun,
  force: request.query.force,
});

const told = (warnings: readonly Warning[]): { readonly warnings?: readonly string[] } =>
  warnings.length === 0 ? {} : { warnings: sentences(warnings) };

/** 201 for what is new, 200 for what was changed, 204 for what was deleted, and 200 for what would be. */
export function writeAnswer<K extends RecordKind>(
  committed: Committed<K>,
  { dryRun }: WriteQuery,
  warnings: readonly Warning[] = [],
): Answer {
  const { action, before, after, stored } = committed;
  if (dryRun === true) {
    return { status: 200, body: { dryRun: true, action, before, after, ...told(warnings) } };
  }
  if (stored === undefined) return { status: 204 };
  return {
    status: action === 'create' ? 201 : 200,
    body: { ...stored, ...told(warnings) },
    version: stored.version,
  };
}
