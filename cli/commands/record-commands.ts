/** What the commands of all kinds of records share: show, put as a change of the stored record, confirm and delete. */
import type { RecordKind } from '../../lib/records/kinds.ts';
import { createAdminClient } from '../admin-client/client.ts';
import type { Query } from '../admin-client/client.ts';
import { exitCodes, failure } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import { compact, numberAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { confirm } from '../terminal/confirm.ts';
import { printValue, sayWarnings } from '../terminal/output.ts';
import { statedFields, writableFields } from './record-fields.ts';
import { noFile, readRecordFile } from './record-file.ts';
import type { Context } from '../spec.ts';

/** `?dryRun` and `?force`, from the options of the same name. */
export const writeQuery = ({ input }: Pick<Context, 'input'>): Query => ({
  dryRun: input.flag('dryRun') ? 'true' : undefined,
  force: input.flag('force') ? 'true' : undefined,
});

/** Reports on stderr what was done, or would be in a dry run; stdout holds the record. */
export function sayDone({ input, terminal }: Pick<Context, 'input' | 'terminal'>, what: string): void {
  terminal.say(
    input.flag('dryRun')
      ? `Dry run: would have ${what}. Nothing was written.`
      : `${what[0]?.toUpperCase()}${what.slice(1)}.`,
  );
}

/** Prints one record. @throws CliFailure (exit 1) if there is none; `name` is for that message: "cluster prod" */
export async function showRecord(context: Context, route: string, name: string): Promise<ExitCode> {
  const record = await createAdminClient(context).find(route);
  if (record === undefined) throw failure(`There is no ${name}.`);
  await printValue(context, context.input.text('output') ?? 'yaml', record);
  return exitCodes.done;
}

export interface Put {
  readonly kind: RecordKind;
  readonly route: string;
  /** For messages: "cluster prod". */
  readonly name: string;
  /** From the options; `undefined` values leave the stored ones. */
  readonly changes: JsonObject;
}

/**
 * Lays the options over the file, or over the stored record if there is no `-f`, and writes the result on condition
 * that the stored record has not changed meanwhile.
 */
export async function putRecord(context: Context, { kind, route, name, changes }: Put): Promise<ExitCode> {
  const { input } = context;
  const fileName = input.text('file');
  const file = fileName === undefined ? noFile : await readRecordFile(kind, fileName);
  const client = createAdminClient(context);
  const before = await client.find(route);
  const stored = writableFields(kind, statedFields(kind, before ?? {}));
  const given = compact(changes);
  const version = numberAt(before, 'version');
  const record = await file.located(given, () =>
    client.call('PUT', route, {
      query: writeQuery(context),
      body: { ...(fileName === undefined ? stored : file.fields), ...given },
      ...(version === undefined ? {} : { ifMatch: version }),
    }),
  );
  sayWarnings(context, record);
  sayDone(context, `${before === undefined ? 'created' : 'changed'} ${name}`);
  await printValue(context, input.text('output') ?? 'yaml', record);
  return exitCodes.done;
}

/** Deletes a record after a confirmation. `name` is for messages, "cluster prod"; `also` is deleted with it, for the question. */
export async function deleteRecord(
  context: Context,
  route: string,
  name: string,
  also?: string,
): Promise<ExitCode> {
  const client = createAdminClient(context);
  if (!context.input.flag('dryRun'))
    await confirm(context, `Delete ${also === undefined ? name : `${name} and ${also}`}?`);
  // A cluster's own mappings are deleted first, some hundreds per call.
  for (let pending = true; pending;) {
    pending = (await client.call('DELETE', route, { query: writeQuery(context) }))['pending'] === true;
  }
  sayDone(context, `deleted ${name}`);
  return exitCodes.done;
}

/** A positional argument that the command requires. @throws CliFailure (exit 2) if it is empty */
export const argument = ({ input }: Pick<Context, 'input'>, position = 0): string =>
  input.requiredArgument(position);
