import { makeAdminClient, path } from '../../admin-client/client.ts';
import { argument, deleteRecord, putRecord, showRecord } from '../record-commands.ts';
import { exitCodes } from '../../exit.ts';
import { column, idColumn, printList } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

const route = (context: Pick<Context, 'input'>): string => path`/v1/group-bindings/${argument(context)}`;
const what = (context: Pick<Context, 'input'>): string => `binding ${argument(context)}`;

export const list: Run = async (context) => {
  const items = await makeAdminClient(context).list('/v1/group-bindings');
  const columns = [
    idColumn('id', 'id'),
    column('iam group', 'iamGroup'),
    column('scope', 'scope'),
    column('groups', 'groups'),
    column('username', 'username'),
  ];
  await printList(context, items, columns, 'There are no group bindings.');
  return exitCodes.done;
};

export const get: Run = (context) => showRecord(context, route(context), what(context));

export const put: Run = (context) => {
  const { input } = context;
  return putRecord(context, {
    route: route(context),
    what: what(context),
    fields: ['iamGroup', 'readerRoleArn', 'externalId', 'scope', 'username', 'groups', 'allowSystemGroups'],
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

export const remove: Run = (context) => deleteRecord(context, route(context), what(context));
