/** How data is printed: a table for people, JSON and YAML for programs, CSV for spreadsheets. */
import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { Context } from '../spec.ts';
import type { Terminal } from './terminal.ts';

export interface Column {
  readonly title: string;
  readonly value: (item: JsonObject) => unknown;
  /** Never clipped: other commands take it. */
  readonly isWhole?: true;
}

/** A column of the field of that name. */
export const column = (title: string, field: string): Column => ({ title, value: (item) => item[field] });

/** A column whose value is to be copied. */
export const idColumn = (title: string, field: string): Column => ({
  ...column(title, field),
  isWhole: true,
});

/** One cell: lists joined, nothing as `-`, and no control character, so that a name cannot drive a terminal. */
export function cell(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cell).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/** How a principal reads in one line. */
export function principalText(principal: unknown): string {
  if (!isJsonObject(principal)) return cell(principal);
  const { arn, permissionSet, accountId } = principal;
  if (typeof arn === 'string') return cell(arn);
  if (isJsonObject(permissionSet)) {
    return cell(`permission set ${cell(permissionSet['name'])} in ${cell(permissionSet['accountId'])}`);
  }
  return `everybody in ${cell(accountId)}`;
}

const gap = '  ';
const narrowest = 8;

/** Takes from the widest column that may be clipped, until the line fits or none is left. */
function fit(widths: readonly number[], columns: readonly Column[], available: number): readonly number[] {
  const fitted = [...widths];
  const tooMuch = (): number =>
    fitted.reduce((sum, width) => sum + width, gap.length * (fitted.length - 1)) - available;
  while (tooMuch() > 0) {
    const clippable = fitted.map((width, index) => (columns[index]?.isWhole ? 0 : width));
    const widest = Math.max(...clippable);
    if (widest <= narrowest) break;
    fitted[clippable.indexOf(widest)] = Math.max(narrowest, widest - Math.ceil(tooMuch() / 4));
  }
  return fitted;
}

const clip = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);

/** Whole cells where stdout is not a terminal, clipped to its width where it is one. */
export function table(
  columns: readonly Column[],
  items: readonly JsonObject[],
  terminal: Pick<Terminal, 'columns' | 'style'>,
): string {
  const rows = items.map((item) => columns.map(({ value }) => cell(value(item))));
  const titles = columns.map(({ title }) => title.toUpperCase());
  const natural = titles.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const widths = terminal.columns === undefined ? natural : fit(natural, columns, terminal.columns);
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => clip(text, widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  return [terminal.style('bold', line(titles)), ...rows.map(line)].map((text) => `${text}\n`).join('');
}

/** Names and values, one a line. */
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

/** RFC 4180; a leading = + - @ is quoted with an apostrophe, so that no spreadsheet runs it. */
export function csv(columns: readonly Column[], items: readonly JsonObject[]): string {
  const quote = (text: string): string => {
    const safe = /^[=+\-@]/.test(text) && text !== '-' ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [
    columns.map(({ title }) => title),
    ...items.map((item) =>
      columns.map(({ value }) => {
        const text = cell(value(item));
        return text === '-' ? '' : text;
      }),
    ),
  ];
  return lines.map((line) => `${line.map(quote).join(',')}\r\n`).join('');
}

/** Loads the YAML library only where YAML is printed. */
export const yamlText = async (value: unknown): Promise<string> =>
  (await import('./yaml-text.ts')).yamlOf(value);

/** Prints a value as JSON or YAML. */
export async function printValue(
  context: Pick<Context, 'terminal'>,
  format: string,
  value: unknown,
): Promise<void> {
  context.terminal.data(format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : await yamlText(value));
}

/** Prints a list as `-o` says. An empty table is a sentence on stderr, so that stdout holds data only. */
export async function printList(
  context: Pick<Context, 'terminal' | 'input'>,
  items: readonly JsonObject[],
  columns: readonly Column[],
  nothing: string,
): Promise<void> {
  const format = context.input.text('output') ?? 'table';
  if (format === 'csv') context.terminal.data(csv(columns, items));
  else if (format !== 'table') await printValue(context, format, items);
  else if (items.length === 0) context.terminal.say(nothing);
  else context.terminal.data(table(columns, items, context.terminal));
}
