import { setTimeout as sleep } from 'node:timers/promises';
import { createAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { exitCodes, failure } from '../../exit.ts';
import type { ExitCode } from '../../exit.ts';
import { compact, objectsAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { printRun } from './print-run.ts';
import type { Context, Run } from '../../spec.ts';

const pollMs = 500;

/** 1 if the run failed, or if the outcome of a binding is not `ok`. */
const exitCodeOf = (run: JsonObject): ExitCode =>
  textAt(run, 'state') === 'failed' || objectsAt(run, 'bindings').some((item) => item['outcome'] !== 'ok')
    ? exitCodes.failed
    : exitCodes.done;

async function waitFor(client: AdminClient, id: string, context: Context): Promise<JsonObject> {
  const seconds = context.input.integer('timeout', { min: 1, max: 3600 }) ?? 300;
  const progress = context.terminal.progress('Group sync');
  const end = context.now() + seconds * 1000;
  try {
    while (context.now() < end) {
      const run = await client.find(path`/v1/group-sync/runs/${id}`);
      const state = textAt(run, 'state');
      if (run !== undefined && state !== undefined && state !== 'running') return run;
      progress.update(`run ${id} is ${state ?? 'waiting'}`);
      await sleep(pollMs);
    }
  } finally {
    progress.end();
  }
  throw failure(`Run ${id} has not ended within ${seconds} s: see countersign sync show ${id}.`);
}

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const client = createAdminClient(context);
  const started = await client.call('POST', '/v1/group-sync/runs', {
    body: compact({
      dryRun: input.flag('dryRun') || undefined,
      force: input.flag('force') || undefined,
      bindings: input.list('binding'),
    }),
  });
  const id = textAt(started, 'id');
  if (id === undefined) throw failure('The admin API answered without the id of the run.');
  if (!input.flag('wait')) {
    terminal.data(`${id}\n`);
    return exitCodes.done;
  }
  const ended = await waitFor(client, id, context);
  await printRun(context, ended);
  return exitCodeOf(ended);
};
