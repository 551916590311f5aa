import { makeAdminClient, path } from '../../../admin-client/client.ts';
import { argument, deleteRecord } from '../../record-commands.ts';
import { exitCodes, failure } from '../../../exit.ts';
import { writeFile } from '../../../files.ts';
import { textAt } from '../../../json.ts';
import { column, idColumn, printList } from '../../../terminal/output.ts';
import type { Context, Run } from '../../../spec.ts';

const route = (context: Pick<Context, 'input'>): string =>
  path`/v1/clusters/${argument(context)}/webhook-tokens`;

export const list: Run = async (context) => {
  const items = await makeAdminClient(context).list(route(context));
  const columns = [idColumn('id', 'id'), column('created', 'createdAt'), column('by', 'createdBy')];
  await printList(
    context,
    items,
    columns,
    `Cluster ${argument(context)} has no webhook token: its apiservers are refused.`,
  );
  return exitCodes.done;
};

export const create: Run = async (context) => {
  const { input, terminal } = context;
  const made = await makeAdminClient(context).call('POST', route(context));
  const id = textAt(made, 'id');
  const token = textAt(made, 'token');
  if (id === undefined || token === undefined) throw failure('The admin API answered without a token.');
  const file = input.text('tokenFile');
  terminal.say(
    `Made webhook token ${id} of cluster ${argument(context)}. Roll it out to every apiserver, then delete the old one.`,
  );
  if (file === undefined) {
    terminal.data(`${token}\n`);
  } else {
    writeFile(file, `${token}\n`, 0o600);
    terminal.data(`${id}\n`);
  }
  return exitCodes.done;
};

export const remove: Run = (context) => {
  const tokenId = argument(context, 1);
  return deleteRecord(
    context,
    path`/v1/clusters/${argument(context)}/webhook-tokens/${tokenId}`,
    `webhook token ${tokenId} of cluster ${argument(context)}`,
  );
};
