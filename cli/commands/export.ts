import { makeAdminClient } from '../admin/client.ts';
import { readState } from '../admin/read-state.ts';
import { exitCodes } from '../exit.ts';
import { printValue } from '../output.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const progress = terminal.progress('Reading');
  const state = await readState(makeAdminClient(context), (name) => progress.update(name));
  progress.end();
  await printValue(context, input.text('output') ?? 'yaml', state);
  return exitCodes.done;
};
