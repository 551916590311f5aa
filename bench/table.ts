/** The table that `npm run bench` prints. */
export interface Row {
  readonly name: string;
  /** With its unit. */
  readonly time: string;
  readonly ratio: number;
  /** What the ratio is of. */
  readonly of: string;
  /** The ratio that we hold ourselves to, if any. */
  readonly limit: number | undefined;
}

export function printTable(rows: readonly Row[]): void {
  const cells = [
    ['what', 'measured', 'ratio', 'of', 'limit', ''],
    ...rows.map(({ name, time, ratio, of, limit }) => [
      name,
      time,
      ratio.toFixed(2),
      of,
      limit === undefined ? '' : limit.toFixed(2),
      limit !== undefined && ratio > limit ? 'exceeded' : '',
    ]),
  ];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of cells) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
