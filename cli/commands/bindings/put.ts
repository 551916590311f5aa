import { path } from '../../admin-client/client.ts';
import { argument, putRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) => {
  const { input } = context;
  return putRecord(context, {
    kind: 'binding',
    route: path`/v1/group-bindings/${argument(context)}`,
    name: `binding ${argument(context)}`,
    changes: {
      iamGroup: input.text('iamGroup'),
      readerRoleArn: input.text('readerRole'),
      externalId: input.text('externalId'),
      scope: input.text('scope'),
      username: input.text('username'),
      groups: input.list('group'),
      allowSystemGroups: input.flag('allowSystemGroups') || undefined,
    },
  });
};
