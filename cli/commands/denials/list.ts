import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { denialText } from '../../terminal/cell.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const columns = [
  { title: 'who', value: denialText },
  column('session', 'sessionName'),
  column('reason', 'reason'),
  column('since', 'createdAt'),
  column('by', 'createdBy'),
  idColumn('id', 'id'),
];

export const run: Run = async (context) => {
  const listing = await createAdminClient(context).list('/v1/denials');
  await printList(context, listing, columns, 'There are no denials.');
  return exitCodes.done;
};
