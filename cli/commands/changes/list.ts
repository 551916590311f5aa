import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Context, Run } from '../../spec.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`, `7d`, `30m` before now, or an RFC 3339 time as it is. */
function sinceOf({ input, now }: Pick<Context, 'input' | 'now'>): string | undefined {
  const text = input.text('since');
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const unitLength = unit === undefined ? undefined : unitMs[unit];
  if (unitLength !== undefined) return new Date(now() - Number(count) * unitLength).toISOString();
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw wrongUsage('--since must be a time such as 2026-11-01T00:00:00Z, or a span such as 2h or 7d.');
  return new Date(time).toISOString();
}

const columns = [
  column('at', 'at'),
  column('action', 'action'),
  idColumn('target', 'target'),
  column('by', 'actor'),
  column('version', 'version'),
  column('fate', 'fate'),
  idColumn('id', 'id'),
];

export const run: Run = async (context) => {
  const { input } = context;
  const limit = input.integer('limit', { min: 1, max: 100_000 }) ?? 50;
  const query = { target: input.text('target'), actor: input.text('actor'), since: sinceOf(context) };
  const listing = await createAdminClient(context).list('/v1/changes', query, limit);
  await printList(context, listing, columns, 'There are no such changes.');
  return exitCodes.done;
};
