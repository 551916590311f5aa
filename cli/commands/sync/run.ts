import { setTimeout as sleep } from 'node:timers/promises';
import { makeAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { argument } from '../record-commands.ts';
import { exitCodes, failure } from '../../exit.ts';
import type { ExitCode } from '../../exit.ts';
import { compact, objectsAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell, column, fields, idColumn, printList, printValue, table } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

const pollMs = 500;

const bindingColumns = [
  column('binding', 'id'),
  column('outcome', 'outcome'),
  column('members', 'members'),
  column('added', 'added'),
  column('updated', 'updated'),
  column('removed', 'removed'),
  column('detail', 'detail'),
];

async function printRun(context: Context, run: JsonObject): Promise<void> {
  const { input, terminal } = context;
  const format = input.text('output') ?? 'table';
  if (format !== 'table') {
    await printValue(context, format, run);
    return;
  }
  const known = [
    ['run', run['id']],
    ['state', run['state']],
    ['dry run', run['dryRun'] === true ? 'yes' : undefined],
    ['planned', run['planned']],
    ['written', run['written']],
    ['started', run['startedAt']],
    ['ended', run['finishedAt']],
    ['detail', run['detail']],
  ] as const;
  terminal.data(`${fields(known, terminal)}\n${table(bindingColumns, objectsAt(run, 'bindings'), terminal)}`);
}

/** 1 where the run failed, or where a binding needs somebody to look. */
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

export const start: Run = async (context) => {
  const { input, terminal } = context;
  const client = makeAdminClient(context);
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
  const run = await waitFor(client, id, context);
  await printRun(context, run);
  return exitCodeOf(run);
};

export const status: Run = async (context) => {
  const limit = context.input.integer('limit', { min: 1, max: 1000 }) ?? 10;
  const items = await makeAdminClient(context).list('/v1/group-sync/runs', {}, limit);
  const columns = [
    idColumn('run', 'id'),
    column('state', 'state'),
    { title: 'dry run', value: (run: JsonObject) => (run['dryRun'] === true ? 'yes' : 'no') },
    column('planned', 'planned'),
    column('written', 'written'),
    column('started', 'startedAt'),
    {
      title: 'bindings',
      value: (run: JsonObject) =>
        objectsAt(run, 'bindings').map((binding) => `${cell(binding['id'])} ${cell(binding['outcome'])}`),
    },
  ];
  await printList(context, items, columns, 'The group sync has not run yet.');
  return exitCodes.done;
};

export const show: Run = async (context) => {
  const id = argument(context);
  const run = await makeAdminClient(context).find(path`/v1/group-sync/runs/${id}`);
  if (run === undefined) throw failure(`There is no run ${id}.`);
  await printRun(context, run);
  return exitCodes.done;
};
