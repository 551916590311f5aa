import { makeAdminClient, path } from '../../admin-client/client.ts';
import { argument, deleteRecord, putRecord, showRecord } from '../record-commands.ts';
import { exitCodes } from '../../exit.ts';
import { cell, column, idColumn, printList } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';

const columns = [
  idColumn('id', 'id'),
  {
    title: 'state',
    value: (item: Readonly<Record<string, unknown>>) => (item['disabled'] === true ? 'disabled' : 'enabled'),
  },
  column('sets', 'sets'),
  column('admin groups', 'adminGroups'),
  column('partition', 'partition'),
  column('updated', 'updatedAt'),
  { title: 'description', value: (item: Readonly<Record<string, unknown>>) => cell(item['description']) },
];

export const list: Run = async (context) => {
  const items = await makeAdminClient(context).list('/v1/clusters');
  await printList(
    context,
    items,
    columns,
    'There are no clusters yet: countersign init -i <cluster> registers one.',
  );
  return exitCodes.done;
};

export const get: Run = (context) =>
  showRecord(context, path`/v1/clusters/${argument(context)}`, `cluster ${argument(context)}`);

export const put: Run = (context) => {
  const { input } = context;
  const id = argument(context);
  const disabled = input.flag('disable') ? true : input.flag('enable') ? false : undefined;
  return putRecord(context, {
    route: path`/v1/clusters/${id}`,
    what: `cluster ${id}`,
    fields: ['description', 'partition', 'sets', 'adminGroups', 'disabled'],
    changes: {
      description: input.text('description'),
      partition: input.text('partition'),
      sets: input.list('set'),
      adminGroups: input.list('adminGroup'),
      disabled,
    },
  });
};

export const remove: Run = (context) =>
  deleteRecord(context, path`/v1/clusters/${argument(context)}`, `cluster ${argument(context)}`);
