import { makeAdminClient, path } from '../../admin-client/client.ts';
import { argument, deleteRecord, putRecord } from '../record-commands.ts';
import { exitCodes } from '../../exit.ts';
import { column, idColumn, printList } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';

export const list: Run = async (context) => {
  const items = await makeAdminClient(context).list('/v1/sets');
  const columns = [
    idColumn('name', 'name'),
    column('updated', 'updatedAt'),
    column('description', 'description'),
  ];
  await printList(context, items, columns, 'There are no sets: countersign sets put <name> makes one.');
  return exitCodes.done;
};

export const put: Run = (context) =>
  putRecord(context, {
    route: path`/v1/sets/${argument(context)}`,
    what: `set ${argument(context)}`,
    fields: ['description'],
    changes: { description: context.input.text('description') },
  });

export const remove: Run = (context) =>
  deleteRecord(context, path`/v1/sets/${argument(context)}`, `set ${argument(context)}`);
