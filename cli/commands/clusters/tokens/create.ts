import { createAdminClient } from '../../../admin-client/client.ts';
import { exitCodes } from '../../../exit.ts';
import { checkWritable, writeFile } from '../../../files.ts';
import { createWebhookToken } from '../../new-webhook-token.ts';
import { argument } from '../../record-commands.ts';
import type { Run } from '../../../spec.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = argument(context);
  const file = input.text('tokenFile');
  if (file !== undefined) checkWritable(file);
  await createWebhookToken(createAdminClient(context), clusterId, ({ id, token }) => {
    if (file !== undefined) writeFile(file, `${token}\n`, 0o600);
    terminal.say(
      `Created webhook token ${id} of cluster ${clusterId}. Roll it out to every apiserver, then delete the old one.`,
    );
    terminal.data(`${file === undefined ? token : id}\n`);
  });
  return exitCodes.done;
};
