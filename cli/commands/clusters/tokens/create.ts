import { createAdminClient, path } from '../../../admin-client/client.ts';
import { exitCodes, failure } from '../../../exit.ts';
import { writeFile } from '../../../files.ts';
import { textAt } from '../../../json.ts';
import { argument } from '../../record-commands.ts';
import type { Run } from '../../../spec.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = argument(context);
  const created = await createAdminClient(context).call(
    'POST',
    path`/v1/clusters/${clusterId}/webhook-tokens`,
  );
  const id = textAt(created, 'id');
  const token = textAt(created, 'token');
  if (id === undefined || token === undefined) throw failure('The admin API answered without a token.');
  const file = input.text('tokenFile');
  terminal.say(
    `Created webhook token ${id} of cluster ${clusterId}. Roll it out to every apiserver, then delete the old one.`,
  );
  if (file === undefined) {
    terminal.data(`${token}\n`);
  } else {
    writeFile(file, `${token}\n`, 0o600);
    terminal.data(`${id}\n`);
  }
  return exitCodes.done;
};
