import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { principalText } from '../../terminal/cell.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import { principalOf } from '../principal-options.ts';
import type { Run } from '../../spec.ts';

/** A principal of the options as one word, as the API accepts it in a query. */
function queryOf(principal: JsonObject): string {
  const { arn, permissionSet } = principal;
  if (typeof arn === 'string') return arn;
  const account = (of: unknown) => [textAt(of, 'partition') ?? 'aws', textAt(of, 'accountId')];
  const parts =
    permissionSet === undefined
      ? ['account', ...account(principal)]
      : ['permission-set', ...account(permissionSet), textAt(permissionSet, 'name')];
  return parts.filter((part) => part !== undefined).join('/');
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

export const run: Run = async (context) => {
  const principal = principalOf(context.input);
  const listing = await createAdminClient(context).list('/v1/mappings', {
    scope: context.input.text('scope'),
    principal: principal === undefined ? undefined : queryOf(principal),
  });
  await printList(context, listing, columns, 'There are no such mappings.');
  return exitCodes.done;
};
