/** CSV (RFC 4180) for spreadsheets. */
import type { JsonObject } from '../json.ts';
import { cell } from './cell.ts';
import type { Column } from './table.ts';

/**
 * What spreadsheets run as a formula: = + - @, in any width, after any blanks and invisible characters, which some of them skip.
 * An apostrophe too, so that the added one can be removed again.
 */
const formula =
  /^[\s\p{Z}\p{C}\uFFFD\p{Default_Ignorable_Code_Point}]*['=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF07\uFF0B\uFF0D\uFF1D\uFF20]/u;

/**
 * An apostrophe before a formula keeps spreadsheets from running it (OWASP, "CSV Injection"). A field with a separator of any
 * locale or a blank is in quotes: without them `x;=1` would be two cells where the semicolon separates.
 */
function quoted(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;|\s\p{Z}]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
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
