/** What all kinds of records have in common: shown, put as a change of what is there, deleted after a question. */
import { confirm } from '../terminal/confirm.ts';
import { exitCodes, failure } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import { readObject } from '../files.ts';
import { compact, numberAt, pick, textsAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { cell, printValue } from '../terminal/output.ts';
import type { Context } from '../spec.ts';
import { makeAdminClient } from '../admin-client/client.ts';
import type { Query } from '../admin-client/client.ts';

/** `?dryRun` and `?force`, as the flags say. */
export const writeQuery = ({ input }: Pick<Context, 'input'>): Query => ({
  dryRun: input.flag('dryRun') ? 'true' : undefined,
  force: input.flag('force') ? 'true' : undefined,
});

/** What was done, or would be, on stderr; stdout holds the record. */
export function sayDone({ input, terminal }: Pick<Context, 'input' | 'terminal'>, what: string): void {
  terminal.say(
    input.flag('dryRun')
      ? `Dry run: would have ${what}. Nothing was written.`
      : `${what[0]?.toUpperCase()}${what.slice(1)}.`,
  );
}

/** Legal, and worth a second look. */
export function sayWarnings({ terminal }: Pick<Context, 'terminal'>, answer: JsonObject): void {
  for (const warning of textsAt(answer, 'warnings')) {
    terminal.say(`${terminal.style('yellow', 'Warning:', 'talk')} ${cell(warning)}`);
  }
}

export async function showRecord(context: Context, route: string, what: string): Promise<ExitCode> {
  const record = await makeAdminClient(context).find(route);
  if (record === undefined) throw failure(`There is no ${what}.`);
  await printValue(context, context.input.text('output') ?? 'yaml', record);
  return exitCodes.done;
}

export interface Put {
  readonly route: string;
  /** For people: "cluster prod". */
  readonly what: string;
  /** The fields that a client may write. */
  readonly fields: readonly string[];
  /** From the flags; `undefined` values leave what is there. */
  readonly changes: JsonObject;
}

/** Reads what is there, lays the file and the flags over it, and writes on condition that nobody else did. */
export async function putRecord(context: Context, put: Put): Promise<ExitCode> {
  const { input } = context;
  const file = input.text('file');
  const given = file === undefined ? undefined : pick(await readObject(file), put.fields);
  const client = makeAdminClient(context);
  const before = await client.find(put.route);
  const base = given ?? (before === undefined ? {} : pick(before, put.fields));
  const version = numberAt(before, 'version');
  const record = await client.call('PUT', put.route, {
    query: writeQuery(context),
    body: { ...base, ...compact(put.changes) },
    ...(version === undefined ? {} : { ifMatch: version }),
  });
  sayWarnings(context, record);
  sayDone(context, `${before === undefined ? 'made' : 'changed'} ${put.what}`);
  await printValue(context, input.text('output') ?? 'yaml', record);
  return exitCodes.done;
}

export async function deleteRecord(context: Context, route: string, what: string): Promise<ExitCode> {
  const client = makeAdminClient(context);
  if (!context.input.flag('dryRun')) await confirm(context, `Delete ${what}?`);
  // A cluster's own mappings go first, some hundreds a call.
  for (let pending = true; pending;) {
    pending = (await client.call('DELETE', route, { query: writeQuery(context) }))['pending'] === true;
  }
  sayDone(context, `deleted ${what}`);
  return exitCodes.done;
}

/** A positional argument that commander has checked to be there. */
export const argument = ({ input }: Pick<Context, 'input'>, position = 0): string =>
  input.argument(position) ?? '';
