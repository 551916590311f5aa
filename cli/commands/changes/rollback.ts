import { createAdminClient, path } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { confirm } from '../../terminal/confirm.ts';
import { printValue } from '../../terminal/output.ts';
import { argument, writeQuery } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = async (context) => {
  const id = argument(context);
  const client = createAdminClient(context);
  await confirm(context, `Roll back change ${id}?`);
  const answer = await client.call('POST', path`/v1/changes/${id}/rollback`, { query: writeQuery(context) });
  context.terminal.say(`Rolled back change ${id}.`);
  await printValue(context, context.input.text('output') ?? 'yaml', answer);
  return exitCodes.done;
};
