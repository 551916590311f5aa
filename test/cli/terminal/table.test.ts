/** Tables are aligned by display width and fit the terminal. */
import { describe, expect, test } from 'vitest';
import stringWidth from 'string-width';
import { column, idColumn, table } from '../../../cli/terminal/table.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

const columns = [idColumn('id', 'id'), column('text', 'text'), column('list', 'list')];
const items = [
  { id: 'a'.repeat(30), text: 'x'.repeat(60), list: ['one', 'two'] },
  { id: 'b', text: undefined, list: [] },
];

describe('a table', () => {
  test('a table has aligned columns, lists in one cell, and a dash for an absent value', () => {
    expect(
      table(columns, [{ id: '1', text: 'hello', list: ['a', 'b'] }, { id: '22' }], quietTerminal()),
    ).toBe('ID  TEXT   LIST\n1   hello  a, b\n22  -      -\n');
  });

  test.each([60, 80, 100])('a table fits a terminal of %i columns without clipping ids', (width) => {
    const lines = table(columns, items, quietTerminal(width)).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[1]).toContain('a'.repeat(30));
    expect(lines[1]).toContain('…');
  });

  test('a table is not clipped if stdout is not a terminal', () => {
    expect(table(columns, items, quietTerminal())).toContain('x'.repeat(60));
  });

  test('a table shows control characters as replacement characters', () => {
    const text = table([column('t', 't')], [{ t: '\u001b[2J\u0007\n\u009b31m' }], quietTerminal());
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(text.trimEnd().replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

const names = ['山田太郎さん', 'Ⓡobert', '👩‍💻 dev', '🇯🇵', 'é́', '한국어', 'plain'];

describe('display width', () => {
  test.each([undefined, 40])('columns after CJK and emoji are aligned (terminal width %s)', (width) => {
    const rows = names.map((name) => ({ id: name, text: `${name}${name}${name}`, list: ['|'] }));
    const lines = table(columns, rows, quietTerminal(width)).trimEnd().split('\n').slice(1);
    const starts = lines.map((line) => stringWidth(line.slice(0, line.indexOf('|'))));
    expect(new Set(starts).size, lines.join('\n')).toBe(1);
  });

  test('clipping does not cut a grapheme', () => {
    const rows = [{ t: '👩‍💻'.repeat(20) }];
    const [, line = ''] = table([column('t', 't')], rows, quietTerminal(12)).split('\n');
    expect(line).toMatch(/^(?:👩‍💻)+…$/u);
    expect(stringWidth(line)).toBeLessThanOrEqual(12);
  });
});
