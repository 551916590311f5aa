import { createAdminClient, path } from '../../admin-client/client.ts';
import { exitCodes, failure } from '../../exit.ts';
import { argument } from '../record-commands.ts';
import { printRun } from './print-run.ts';
import type { Run } from '../../spec.ts';

export const run: Run = async (context) => {
  const id = argument(context);
  const found = await createAdminClient(context).find(path`/v1/group-sync/runs/${id}`);
  if (found === undefined) throw failure(`There is no run ${id}.`);
  await printRun(context, found);
  return exitCodes.done;
};
