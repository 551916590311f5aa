import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const columns = [
  idColumn('name', 'name'),
  column('updated', 'updatedAt'),
  column('description', 'description'),
];

export const run: Run = async (context) => {
  const listing = await createAdminClient(context).list('/v1/sets');
  await printList(context, listing, columns, 'There are no sets: countersign sets put <name> creates one.');
  return exitCodes.done;
};
