import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const columns = [
  idColumn('id', 'id'),
  column('iam group', 'iamGroup'),
  column('scope', 'scope'),
  column('groups', 'groups'),
  column('username', 'username'),
];

export const run: Run = async (context) => {
  const listing = await createAdminClient(context).list('/v1/group-bindings');
  await printList(context, listing, columns, 'There are no group bindings.');
  return exitCodes.done;
};
