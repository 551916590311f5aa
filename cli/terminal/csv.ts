/** CSV (RFC 4180) for spreadsheets. */
import type { JsonObject } from '../json.ts';
import { cell } from './cell.ts';
import type { Column } from './table.ts';

/** A leading = + - @ is escaped with an apostrophe, so that no spreadsheet runs it as a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const field = (value: unknown): string => {
  const text = cell(value);
  return text === '-' ? '' : quoted(text);
};

/** A header line, then one line for each item; an absent value is an empty field. */
export function csv(columns: readonly Column[], items: readonly JsonObject[]): string {
  const lines = [
    columns.map(({ title }) => quoted(title)),
    ...items.map((item) => columns.map(({ value }) => field(value(item)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
