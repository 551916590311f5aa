import { makeAdminClient, path } from '../../admin-client/client.ts';
import { argument, showRecord, writeQuery } from '../record-commands.ts';
import { confirm } from '../../terminal/confirm.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { column, idColumn, printList, printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`, `7d`, `30m` before now, or an RFC 3339 time as it is. */
function sinceOf({ input, now }: Pick<Context, 'input' | 'now'>): string | undefined {
  const text = input.text('since');
  if (text === undefined) return undefined;
  const span = /^(\d{1,5})([mhd])$/.exec(text);
  const unit = unitMs[span?.[2] ?? ''];
  if (unit !== undefined) return new Date(now() - Number(span?.[1]) * unit).toISOString();
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw wrongUsage('--since must be a time such as 2026-11-01T00:00:00Z, or a span such as 2h or 7d.');
  return new Date(time).toISOString();
}

export const list: Run = async (context) => {
  const { input } = context;
  const limit = input.integer('limit', { min: 1, max: 100_000 }) ?? 50;
  const query = { target: input.text('target'), actor: input.text('actor'), since: sinceOf(context) };
  const items = await makeAdminClient(context).list('/v1/changes', query, limit);
  const columns = [
    column('at', 'at'),
    column('action', 'action'),
    idColumn('target', 'target'),
    column('by', 'actor'),
    column('version', 'version'),
    column('fate', 'fate'),
    idColumn('id', 'id'),
  ];
  await printList(context, items, columns, 'There are no such changes.');
  return exitCodes.done;
};

export const show: Run = (context) =>
  showRecord(context, path`/v1/changes/${argument(context)}`, `change ${argument(context)}`);

export const rollback: Run = async (context) => {
  const id = argument(context);
  const client = makeAdminClient(context);
  await confirm(context, `Take change ${id} back?`);
  const answer = await client.call('POST', path`/v1/changes/${id}/rollback`, { query: writeQuery(context) });
  context.terminal.say(`Took change ${id} back.`);
  await printValue(context, context.input.text('output') ?? 'yaml', answer);
  return exitCodes.done;
};
