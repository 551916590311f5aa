import { expect, test } from 'vitest';
import { csv } from '../../../cli/terminal/csv.ts';
import { column } from '../../../cli/terminal/table.ts';

test.each([
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['=1+1', "'=1+1"],
  ['@cmd', "'@cmd"],
  ['-2', "'-2"],
  ['plain', 'plain'],
  [undefined, ''],
  [['a', 'b'], '"a, b"'],
])('the CSV field of %j is %s', (value, field) => {
  expect(csv([column('t', 't')], [{ t: value }])).toBe(`t\r\n${field}\r\n`);
});
