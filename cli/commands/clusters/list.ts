import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import type { JsonObject } from '../../json.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const columns = [
  idColumn('id', 'id'),
  { title: 'state', value: (item: JsonObject) => (item['disabled'] === true ? 'disabled' : 'enabled') },
  column('sets', 'sets'),
  column('admin groups', 'adminGroups'),
  column('partition', 'partition'),
  column('updated', 'updatedAt'),
  column('description', 'description'),
];

export const run: Run = async (context) => {
  const listing = await createAdminClient(context).list('/v1/clusters');
  await printList(
    context,
    listing,
    columns,
    'There are no clusters yet: countersign init -i <cluster> registers one.',
  );
  return exitCodes.done;
};
