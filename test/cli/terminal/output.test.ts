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

describe('a list with entries under keys of an earlier version', () => {
  const items = [
    {
      id: 'a',
      principal: { arn: 'arn:aws:iam::111122223333:user/x/dave' },
      sessionName: 'Dave',
      staleKey: true,
    },
    { id: 'b', principal: { accountId: '111122223333' }, scope: 'all' },
  ];

  test.each(['table', 'json', 'yaml', 'csv'])(
    'names them on stderr, with what to do, as %s',
    async (output) => {
      const terminal = quietTerminal();
      const input = createInput({ output }, []);
      await printList({ terminal, input }, { items, unreadable: [] }, columns, 'Nothing.');
      expect(terminal.said).toEqual([
        'Warning: no review reads 1 item of this list, under a key of an earlier version. Write each again, which moves it, or delete it:',
        '  arn:aws:iam::111122223333:user/x/dave Dave  a',
      ]);
    },
  );
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
