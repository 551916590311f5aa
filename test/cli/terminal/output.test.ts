import { describe, expect, test } from 'vitest';
import { createInput } from '../../../cli/input.ts';
import { fields, printList, sayWarnings } from '../../../cli/terminal/output.ts';
import { column, idColumn } from '../../../cli/terminal/table.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

const columns = [idColumn('id', 'id'), column('text', 'text'), column('list', 'list')];

describe('printList', () => {
  test.each([
    ['table', '', 'Nothing.'],
    ['json', '[]\n', undefined],
    ['yaml', '[]\n', undefined],
    ['csv', 'id,text,list\r\n', undefined],
  ])('an empty list as %s prints %j on stdout and says %j on stderr', async (output, data, talk) => {
    const terminal = quietTerminal();
    await printList(
      { terminal, input: createInput({ output }, []) },
      { items: [], unreadable: [] },
      columns,
      'Nothing.',
    );
    expect(terminal.written.join('')).toBe(data);
    expect(terminal.said[0]).toBe(talk);
  });
});

test('fields shows control characters as replacement characters', () => {
  expect(fields([['t', '\u001b[2J\u0007\n\u009b31m']], quietTerminal())).toBe(
    't  \uFFFD[2J\uFFFD\uFFFD\uFFFD31m\n',
  );
});

test('fields leaves out undefined values and aligns the others', () => {
  expect(
    fields(
      [
        ['a', 1],
        ['long', undefined],
        ['bbb', []],
      ],
      quietTerminal(),
    ),
  ).toBe('a    1\nbbb  -\n');
});

test('sayWarnings prints each warning of an answer on stderr', () => {
  const terminal = quietTerminal();
  sayWarnings({ terminal }, { warnings: ['one', 'two'] });
  sayWarnings({ terminal }, {});
  expect(terminal).toMatchObject({ said: ['Warning: one', 'Warning: two'], written: [] });
});
