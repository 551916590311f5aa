import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { objectsAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { principalText } from '../../terminal/cell.ts';
import { printList } from '../../terminal/output.ts';
import { column } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

const grants = (row: JsonObject): string[] =>
  objectsAt(row, 'grantedBy').map((grant) => {
    const until = textAt(grant, 'expiresAt');
    return `${textAt(grant, 'scope') ?? '?'} by ${textAt(grant, 'by') ?? '?'} since ${textAt(grant, 'since') ?? '?'}${until === undefined ? '' : ` until ${until}`}`;
  });

const columns = [
  column('cluster', 'clusterId'),
  { title: 'principal', value: (row: JsonObject) => principalText(row['principal']) },
  column('username', 'username'),
  column('groups', 'groups'),
  {
    title: 'denied',
    value: (row: JsonObject) =>
      row['denied'] === undefined || row['denied'] === false ? undefined : row['denied'],
  },
  { title: 'granted by', value: grants },
];

export const run: Run = async (context) => {
  const { input } = context;
  const clusterId = input.text('clusterId');
  const principal = input.text('arn');
  if (clusterId === undefined && principal === undefined)
    throw wrongUsage('Give -i <cluster> or --arn <arn>.');
  const listing = await createAdminClient(context).list('/v1/access', { clusterId, principal });
  await printList(context, listing, columns, 'No principal has access.');
  return exitCodes.done;
};
