import { makeAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { principalOf } from '../principal-options.ts';
import { argument, deleteRecord, sayDone, writeQuery } from '../record-commands.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { compact, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { column, idColumn, principalText, printList, printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

const subjectText = (item: JsonObject): string =>
  textAt(item, 'principalId') ?? textAt(item, 'accessKeyId') ?? principalText(item['principal']);

const columns = [
  { title: 'who', value: subjectText },
  column('session', 'sessionName'),
  column('reason', 'reason'),
  column('since', 'createdAt'),
  column('by', 'createdBy'),
  idColumn('id', 'id'),
];

export const list: Run = async (context) => {
  const items = await makeAdminClient(context).list('/v1/denials');
  await printList(context, items, columns, 'Nobody is denied.');
  return exitCodes.done;
};

function denialOf({ input }: Pick<Context, 'input'>): JsonObject {
  const principal = principalOf(input);
  const principalId = input.text('principalId');
  const accessKeyId = input.text('accessKeyId');
  const given = [principal, principalId, accessKeyId].filter((subject) => subject !== undefined);
  if (given.length !== 1) {
    throw wrongUsage(
      'A denial needs one of --arn, --permission-set with --account, --account, --principal-id and --access-key-id.',
    );
  }
  return compact({
    principal,
    principalId,
    accessKeyId,
    sessionName: input.text('session'),
    reason: input.text('reason'),
  });
}

/** Mapped roles and permission sets, other than the denied one, each once. */
async function openDoors(client: AdminClient, denied: JsonObject): Promise<string[]> {
  const mappings = await client.list('/v1/mappings');
  const principals = mappings
    .map((mapping) => mapping['principal'])
    .filter((principal) => {
      const arn = textAt(principal, 'arn');
      return arn === undefined ? true : arn.includes(':role/');
    })
    .map(principalText);
  return [...new Set(principals)].filter((text) => text !== principalText(denied['principal'])).toSorted();
}

/** STS names the role, not who assumed it: a denial of a user leaves that user's sessions of roles open. */
async function sayWhatStaysOpen(client: AdminClient, denial: JsonObject, context: Context): Promise<void> {
  const doors = await openDoors(client, denial);
  if (doors.length === 0) return;
  const { terminal } = context;
  terminal.say(
    'This does not reach sessions of other mapped roles. If the same person may assume one of them,',
  );
  terminal.say('deny that session too (--session NAME), or end their sign-in to it in AWS:');
  for (const door of doors) terminal.say(`  ${door}`);
}

export const add: Run = async (context) => {
  const denial = denialOf(context);
  const client = makeAdminClient(context);
  const answer = await client.call('POST', '/v1/denials', { query: writeQuery(context), body: denial });
  const session = textAt(denial, 'sessionName');
  sayDone(context, `denied ${subjectText(denial)}${session === undefined ? '' : `, session ${session}`}`);
  await printValue(context, context.input.text('output') ?? 'yaml', answer);
  context.terminal.say('Apiservers forget what they have cached within 2 minutes.');
  await sayWhatStaysOpen(client, denial, context);
  return exitCodes.done;
};

export const remove: Run = (context) =>
  deleteRecord(context, path`/v1/denials/${argument(context)}`, `denial ${argument(context)}`);
