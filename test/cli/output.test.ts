/** What people and programs read: tables that fit, CSV that no spreadsheet runs, nothing that drives a terminal. */
import { describe, expect, it } from 'vitest';
import { column, csv, fields, idColumn, printList, table } from '../../cli/terminal/output.ts';
import { makeInput } from '../../cli/input.ts';
import { quietTerminal } from '../fixtures/cli-terminal.ts';

const columns = [idColumn('id', 'id'), column('text', 'text'), column('list', 'list')];
const items = [
  { id: 'a'.repeat(30), text: 'x'.repeat(60), list: ['one', 'two'] },
  { id: 'b', text: undefined, list: [] },
];

describe('a table', () => {
  it('has aligned columns, lists in one cell, and a dash for nothing', () => {
    expect(
      table(columns, [{ id: '1', text: 'hello', list: ['a', 'b'] }, { id: '22' }], quietTerminal()),
    ).toBe('ID  TEXT   LIST\n1   hello  a, b\n22  -      -\n');
  });

  it.each([60, 80, 100])('fits a terminal of %i columns, and clips no id', (width) => {
    const lines = table(columns, items, quietTerminal(width)).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[1]).toContain('a'.repeat(30));
    expect(lines[1]).toContain('…');
  });

  it('is whole where stdout is not a terminal', () => {
    expect(table(columns, items, quietTerminal())).toContain('x'.repeat(60));
  });

  it('shows control characters as what they are not', () => {
    const hostile = '\u001b[2J\u0007\n\u009b31m';
    const texts = [
      table([column('t', 't')], [{ t: hostile }], quietTerminal()),
      fields([['t', hostile]], quietTerminal()),
    ];
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    for (const text of texts)
      expect(text.trimEnd().replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe('CSV', () => {
  it.each([
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
    ['-2', "'-2"],
    ['plain', 'plain'],
    [undefined, ''],
    [['a', 'b'], '"a, b"'],
  ])('writes %j as %s', (value, cell) => {
    expect(csv([column('t', 't')], [{ t: value }])).toBe(`t\r\n${cell}\r\n`);
  });
});

describe('an empty list', () => {
  it.each([
    ['table', '', 'Nothing.'],
    ['json', '[]\n', undefined],
    ['yaml', '[]\n', undefined],
    ['csv', 'id,text,list\r\n', undefined],
  ])('as %s', async (output, data, talk) => {
    const terminal = quietTerminal();
    await printList({ terminal, input: makeInput({ output }, []) }, [], columns, 'Nothing.');
    expect(terminal.written.join('')).toBe(data);
    expect(terminal.said[0]).toBe(talk);
  });
});
