import { makeAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { mappingIdOf } from './mapping-id.ts';
import { principalOf } from '../principal-options.ts';
import { argument, deleteRecord, sayDone, sayWarnings, showRecord, writeQuery } from '../record-commands.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { readObject } from '../../files.ts';
import { compact, isJsonObject, numberAt, pick, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { column, idColumn, principalText, printList, printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

/** A principal in one word, as the API takes it in a query. */
function queryOf(principal: JsonObject): string {
  const { arn, permissionSet } = principal;
  if (typeof arn === 'string') return arn;
  const place = (of: unknown): string =>
    `${textAt(of, 'partition') ?? 'aws'}/${textAt(of, 'accountId') ?? ''}`;
  return permissionSet === undefined
    ? `account/${place(principal)}`
    : `permission-set/${place(permissionSet)}/${textAt(permissionSet, 'name') ?? ''}`;
}

const columns = [
  column('scope', 'scope'),
  { title: 'principal', value: (item: JsonObject) => principalText(item['principal']) },
  column('username', 'username'),
  column('groups', 'groups'),
  column('owner', 'owner'),
  column('expires', 'expiresAt'),
  idColumn('id', 'id'),
];

export const list: Run = async (context) => {
  const principal = principalOf(context.input);
  const items = await makeAdminClient(context).list('/v1/mappings', {
    scope: context.input.text('scope'),
    principal: principal === undefined ? undefined : queryOf(principal),
  });
  await printList(context, items, columns, 'There are no such mappings.');
  return exitCodes.done;
};

export const get: Run = (context) =>
  showRecord(context, path`/v1/mappings/${argument(context)}`, `mapping ${argument(context)}`);

const fields = ['scope', 'principal', 'username', 'groups', 'expiresAt', 'principalId', 'instanceProfiles'];

async function recordOf({ input }: Pick<Context, 'input'>): Promise<JsonObject> {
  const file = input.text('file');
  const given = file === undefined ? {} : pick(await readObject(file), fields);
  return {
    ...given,
    ...compact({
      scope: input.text('scope'),
      principal: principalOf(input),
      username: input.text('username'),
      groups: input.list('group'),
      expiresAt: input.text('expiresAt'),
      principalId: input.text('principalId'),
      instanceProfiles: input.list('instanceProfile'),
    }),
  };
}

/** Makes it; where scope and principal have one already, replaces that. What is not valid is for the API to refuse. */
async function write(client: AdminClient, record: JsonObject, context: Context): Promise<JsonObject> {
  const query = writeQuery(context);
  const id = mappingIdOf(textAt(record, 'scope') ?? '', record['principal']);
  const route = id === undefined ? undefined : path`/v1/mappings/${id}`;
  const before = route === undefined ? undefined : await client.find(route);
  const version = numberAt(before, 'version');
  return route === undefined || version === undefined
    ? client.call('POST', '/v1/mappings', { query, body: record })
    : client.call('PUT', route, { query, body: record, ifMatch: version });
}

export const put: Run = async (context) => {
  const { input } = context;
  const record = await recordOf(context);
  const { scope, principal } = record;
  if (typeof scope !== 'string' || !isJsonObject(principal)) {
    throw wrongUsage('A mapping needs --scope and --arn, --permission-set with --account, or --account.');
  }
  const answer = await write(makeAdminClient(context), record, context);
  sayWarnings(context, answer);
  sayDone(context, `mapped ${principalText(principal)} on ${scope}`);
  await printValue(context, input.text('output') ?? 'yaml', answer);
  return exitCodes.done;
};

export const remove: Run = (context) => {
  const id = argument(context);
  return deleteRecord(context, path`/v1/mappings/${id}`, `mapping ${id}`);
};
