import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { objectsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const columns = [
  idColumn('run', 'id'),
  column('state', 'state'),
  { title: 'dry run', value: (run: JsonObject) => (run['dryRun'] === true ? 'yes' : 'no') },
  column('planned', 'planned'),
  column('written', 'written'),
  column('started', 'startedAt'),
  {
    title: 'bindings',
    value: (run: JsonObject) =>
      objectsAt(run, 'bindings').map((binding) => `${cell(binding['id'])} ${cell(binding['outcome'])}`),
  },
];

export const run: Run = async (context) => {
  const limit = context.input.integer('limit', { min: 1, max: 1000 }) ?? 10;
  const listing = await createAdminClient(context).list('/v1/group-sync/runs', {}, limit);
  await printList(context, listing, columns, 'The group sync has not run yet.');
  return exitCodes.done;
};
