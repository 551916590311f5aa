import { path } from '../../admin-client/client.ts';
import { argument, putRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) => {
  const { input } = context;
  const id = argument(context);
  const disabled = input.flag('disable') ? true : input.flag('enable') ? false : undefined;
  return putRecord(context, {
    kind: 'cluster',
    route: path`/v1/clusters/${id}`,
    name: `cluster ${id}`,
    changes: {
      description: input.text('description'),
      partition: input.text('partition'),
      sets: input.list('set'),
      adminGroups: input.list('adminGroup'),
      disabled,
    },
  });
};
