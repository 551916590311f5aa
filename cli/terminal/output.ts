/** Prints data on stdout in the format of `-o`: a table for people, JSON and YAML for programs, CSV for spreadsheets. */
import { sayStale, sayUnreadable } from '../admin-client/listing.ts';
import type { Listing } from '../admin-client/listing.ts';
import { textsAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Context } from '../spec.ts';
import { cell } from './cell.ts';
import { csv } from './csv.ts';
import { table } from './table.ts';
import type { Column } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Names and values, one per line; `undefined` values are left out. */
export function fields(
  entries: readonly (readonly [string, unknown])[],
  terminal: Pick<Terminal, 'style'>,
): string {
  const shown = entries.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => `${terminal.style('bold', name.padEnd(width))}  ${cell(value)}\n`)
    .join('');
}

/** Loads the YAML library only when YAML is printed. */
export const yamlText = async (value: unknown): Promise<string> =>
  (await import('../../lib/json/write-yaml.ts')).yamlOf(value);

/** Prints a value as JSON, or as YAML for every other format. */
export async function printValue(
  context: Pick<Context, 'terminal'>,
  format: string,
  value: unknown,
): Promise<void> {
  context.terminal.data(format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : await yamlText(value));
}

/**
 * Prints a list in the format of `-o`, and names on stderr what it leaves out because it cannot be read, and what no review reads. An empty table is the
 * sentence `empty` on stderr: stdout holds data only.
 */
export async function printList(
  context: Pick<Context, 'terminal' | 'input'>,
  { items, unreadable }: Listing,
  columns: readonly Column[],
  empty: string,
): Promise<void> {
  const format = context.input.text('output') ?? 'table';
  if (format === 'csv') context.terminal.data(csv(columns, items));
  else if (format !== 'table') await printValue(context, format, items);
  else if (items.length > 0) context.terminal.data(table(columns, items, context.terminal));
  else if (unreadable.length === 0) context.terminal.say(empty);
  sayStale(context, items);
  sayUnreadable(context, unreadable);
}

/** Prints the `warnings` of an answer on stderr: legal, but worth a second look. */
export function sayWarnings({ terminal }: Pick<Context, 'terminal'>, answer: JsonObject): void {
  for (const warning of textsAt(answer, 'warnings')) {
    terminal.say(`${terminal.style('yellow', 'Warning:', 'talk')} ${cell(warning)}`);
  }
}
