import { objectsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { fields, printValue } from '../../terminal/output.ts';
import { column, table } from '../../terminal/table.ts';
import type { Context } from '../../spec.ts';

const bindingColumns = [
  column('binding', 'id'),
  column('outcome', 'outcome'),
  column('members', 'members'),
  column('added', 'added'),
  column('updated', 'updated'),
  column('removed', 'removed'),
  column('detail', 'detail'),
];

/** Prints one run of the group sync: its fields, and a table of its bindings. */
export async function printRun(context: Context, run: JsonObject): Promise<void> {
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
