/** What many routes share: query parameters, and how a write is answered. */
import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { clusterId } from '../../../records/input/fields.ts';
import type { RecordKind } from '../../../records/kinds.ts';
import { principalOfText } from '../../../records/principal.ts';
import type { Committed, Rehearsed, Skipped, WriteOptions } from '../../change/commit.ts';
import { sentences } from '../../change/warnings.ts';
import type { Warning } from '../../change/warnings.ts';
import { AdminProblem } from '../../problem.ts';
import type { RecordAnswer } from '../answers.ts';
import type { AdminRequest } from '../route.ts';

const trueOrFalse = (description: string) =>
  v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'This must be true or false.'),
      v.description(description),
      v.transform((text) => text === 'true'),
    ),
  );

const dryRun = trueOrFalse('Returns what the write would do, and writes nothing.');
const force = trueOrFalse(
  'Overrides the guard of the last admin, deletes what cannot be read, and empties a cluster before its delete. 403 unless the caller is an admin, also if there is nothing to override.',
);

const limitRule = 'limit must be a whole number from 1 to 200.';

/** `?limit=` (default 50) and `?cursor=`. */
export const pageParameters = {
  limit: v.optional(
    v.pipe(v.string(limitRule), v.regex(/^(?:[1-9]\d?|1\d\d|200)$/, limitRule), v.transform(Number)),
    '50',
  ),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(8192, 'cursor must have 8192 characters at most.'))),
};
export const pageQuery = strictObject('the query', pageParameters);

/** `?dryRun=` and `?force=`, on writes. */
export const writeQuery = strictObject('the query', { dryRun, force });
export const dryRunQuery = strictObject('the query', { dryRun });

/** A principal in one word, as a parameter. */
export const principalWord = v.pipe(
  v.string(),
  v.check(
    (text) => principalOfText(text) !== undefined,
    'principal must be an ARN, permission-set/<account>/<name> or an account id.',
  ),
);

export const clusterParams = strictObject('the path', { clusterId });

export const noSuchCluster = (id: string): AdminProblem =>
  new AdminProblem('not_found', `There is no cluster ${id}.`);

export interface WriteQuery {
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** The part of a request that `commit` needs. */
export const optionsOf = (
  request: Pick<AdminRequest<unknown, WriteQuery, unknown>, 'caller' | 'ifMatch' | 'query'>,
): WriteOptions => ({
  caller: request.caller,
  ifMatch: request.ifMatch,
  dryRun: request.query.dryRun,
  force: request.query.force,
});

const withWarnings = (warnings: readonly Warning[]): { readonly warnings?: readonly string[] } =>
  warnings.length === 0 ? {} : { warnings: sentences(warnings) };

const guardWarnings = (skipped: Skipped = []): readonly Warning[] =>
  skipped.map(({ kind, key, reason }) => ({
    code: 'unreadable',
    message: `The ${kind} ${key} cannot be read, and the last-admin guard left it out of account: ${reason}.`,
  }));

/** 200, and what a dry run would have done. */
export function rehearsedAnswer<K extends RecordKind>(
  { action, before, after, skipped }: Rehearsed<K>,
  warnings: readonly Warning[] = [],
) {
  const dryRun: true = true;
  return {
    status: 200,
    body: { dryRun, action, before, after, ...withWarnings([...warnings, ...guardWarnings(skipped)]) },
  } as const;
}

/** The record as it is stored, with its version for the `ETag`. */
export function storedBody<K extends RecordKind>(
  committed: Exclude<Committed<K>, Rehearsed<K>>,
  warnings: readonly Warning[],
): { readonly body: RecordAnswer<K>; readonly version: number } {
  if (committed.outcome === 'deleted') throw new Error('A record that was put is not there.');
  const { stored, skipped, formerLeft } = committed;
  const left = formerLeft === undefined ? [] : [{ code: 'stale_key', message: formerLeft }];
  const all = [...warnings, ...guardWarnings(skipped), ...left];
  return { body: { ...stored, ...withWarnings(all) }, version: stored.version };
}

/** 201 for a record that is new, 200 for one that was changed, and 200 for a dry run. */
export function putAnswer<K extends RecordKind>(committed: Committed<K>, warnings: readonly Warning[]) {
  if (committed.outcome === 'dry_run') return rehearsedAnswer(committed, warnings);
  const answer = storedBody(committed, warnings);
  return committed.outcome === 'stored' && committed.action === 'create'
    ? ({ status: 201, ...answer } as const)
    : ({ status: 200, ...answer } as const);
}

/** 204 for a record that was deleted, and 200 for a dry run. */
export const deletedAnswer = <K extends RecordKind>(committed: Committed<K>) =>
  committed.outcome === 'dry_run' ? rehearsedAnswer(committed) : ({ status: 204, body: undefined } as const);
