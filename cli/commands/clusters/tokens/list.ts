import { createAdminClient, path } from '../../../admin-client/client.ts';
import { exitCodes } from '../../../exit.ts';
import { printList } from '../../../terminal/output.ts';
import { column, idColumn } from '../../../terminal/table.ts';
import { argument } from '../../record-commands.ts';
import type { Run } from '../../../spec.ts';

const columns = [idColumn('id', 'id'), column('created', 'createdAt'), column('by', 'createdBy')];

export const run: Run = async (context) => {
  const clusterId = argument(context);
  const listing = await createAdminClient(context).list(path`/v1/clusters/${clusterId}/webhook-tokens`);
  await printList(
    context,
    listing,
    columns,
    `Cluster ${clusterId} has no webhook token: its apiservers are refused.`,
  );
  return exitCodes.done;
};
