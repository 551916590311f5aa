import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cell } from '../../../cli/terminal/cell.ts';
import { csv } from '../../../cli/terminal/csv.ts';
import { column } from '../../../cli/terminal/table.ts';
import { cases } from '../../fixtures/scale.ts';

const fieldOf = (value: unknown): string =>
  csv([column('t', 't')], [{ t: value }]).slice('t\r\n'.length, -'\r\n'.length);

test.each([
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['plain', 'plain'],
  ['aws:111122223333:alice', 'aws:111122223333:alice'],
  ['two words', '"two words"'],
  [undefined, ''],
  [['a', 'b'], '"a, b"'],
])('the CSV field of %j is %s', (value, field) => {
  expect(fieldOf(value)).toBe(field);
});

test.each([
  ['=1+1', "'=1+1"],
  ['@cmd', "'@cmd"],
  ['-2', "'-2"],
  ['+2', "'+2"],
  [' =1+1', '"\' =1+1"'],
  ['\u00a0=1', '"\'\u00a0=1"'],
  ['\u200b=1', "'\u200b=1"],
  ['\u3000@x', '"\'\u3000@x"'],
  ['\uff1d1+1', "'\uff1d1+1"],
  ['\uff0b1', "'\uff0b1"],
  ['\uff0d1', "'\uff0d1"],
  ['\uff20x', "'\uff20x"],
  ['\u22121', "'\u22121"],
  ['\ufe661', "'\ufe661"],
  ["'=1", "''=1"],
  ['\t=1', "'\uFFFD=1"],
  ['\r=1', "'\uFFFD=1"],
  ['\n=1', "'\uFFFD=1"],
  ['x;=1+1', '"x;=1+1"'],
  ['x|=1', '"x|=1"'],
  ['";=1+1', '""";=1+1"'],
  [['=1', '=2'], '"\'=1, =2"'],
])('the CSV field of %j is no formula in a spreadsheet: %s', (value, field) => {
  expect(fieldOf(value)).toBe(field);
});

/** Cells of a line, as spreadsheets split it: quotes count at the start of a cell only. */
function cellsOf(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  for (let rest = line; ;) {
    const match = /^"((?:[^"]|"")*)"/.exec(rest);
    const raw = match?.[0] ?? rest.split(separator, 1)[0] ?? '';
    cells.push(match === null ? raw : (match[1] ?? '').replaceAll('""', '"'));
    if (rest.length === raw.length) return cells;
    rest = rest.slice(raw.length + 1);
  }
}

describe('any text', () => {
  const pieces = constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\uff1d',
    ' ',
    '\u00a0',
    '\u200b',
    ';',
    ',',
    '\t',
    '"',
    "'",
    '1',
  );
  const texts = oneof(
    string(),
    array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
  );

  test('in CSV comes back as it was, without the one apostrophe before a formula', () => {
    expect(() =>
      assert(
        property(texts, (text) => {
          const shown = cell(text) === '-' ? '' : cell(text);
          const [back = ''] = cellsOf(fieldOf(text), ',');
          return (back.startsWith("'") ? back.slice(1) : back) === shown;
        }),
        { numRuns: cases(500, 50_000) },
      ),
    ).not.toThrow();
  });

  test.each([',', ';'])('in CSV is one cell, and no formula, if the separator is %s', (separator) => {
    expect(() =>
      assert(
        property(texts, (text) => {
          const cells = cellsOf(fieldOf(text), separator);
          return cells.length === 1 && !/^[\s\u00a0\u200b]*[=+\-@\uff1d]/.test(cells[0] ?? '');
        }),
        { numRuns: cases(500, 50_000) },
      ),
    ).not.toThrow();
  });
});
