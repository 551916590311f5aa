/** Tables for a terminal: aligned by display width, so that CJK and emoji take the columns that they fill. */
import stringWidth from 'string-width';
import type { JsonObject } from '../json.ts';
import { cell } from './cell.ts';
import type { Terminal } from './terminal.ts';

export interface Column {
  readonly title: string;
  readonly value: (item: JsonObject) => unknown;
  /** Never clipped, because other commands accept the value as an argument. */
  readonly isWhole?: true;
}

/** A column of the field of that name. */
export const column = (title: string, field: string): Column => ({ title, value: (item) => item[field] });

/** A column whose values are copied into other commands. */
export const idColumn = (title: string, field: string): Column => ({
  ...column(title, field),
  isWhole: true,
});

const gap = '  ';
const minimumWidth = 8;

/** Narrows the widest column that may be clipped, until the line fits or all are at their minimum. */
function fit(widths: readonly number[], columns: readonly Column[], available: number): readonly number[] {
  const fitted = [...widths];
  const excess = (): number =>
    fitted.reduce((sum, width) => sum + width, gap.length * (fitted.length - 1)) - available;
  while (excess() > 0) {
    const clippable = fitted.map((width, index) => (columns[index]?.isWhole ? 0 : width));
    const widest = Math.max(...clippable);
    if (widest <= minimumWidth) break;
    fitted[clippable.indexOf(widest)] = Math.max(minimumWidth, widest - Math.ceil(excess() / 4));
  }
  return fitted;
}

const graphemes = new Intl.Segmenter();

/** The longest beginning that fits into `width` columns, without cutting a grapheme. */
function beginning(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** Exactly `width` columns: filled up with spaces, or clipped with an ellipsis. */
function sized(text: string, width: number): string {
  const shown = stringWidth(text) > width ? `${beginning(text, width - 1)}…` : text;
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)));
}

/** Clipped to the width of the terminal; whole if stdout is not a terminal. */
export function table(
  columns: readonly Column[],
  items: readonly JsonObject[],
  terminal: Pick<Terminal, 'columns' | 'style'>,
): string {
  const rows = items.map((item) => columns.map(({ value }) => cell(value(item))));
  const titles = columns.map(({ title }) => title.toUpperCase());
  const natural = titles.map((title, index) =>
    rows.reduce((width, row) => Math.max(width, stringWidth(row[index] ?? '')), title.length),
  );
  const widths = terminal.columns === undefined ? natural : fit(natural, columns, terminal.columns);
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => sized(text, widths[index] ?? 0))
      .join(gap)
      .trimEnd();
  return [terminal.style('bold', line(titles)), ...rows.map(line)].map((text) => `${text}\n`).join('');
}
