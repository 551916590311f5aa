import { expect, test } from 'vitest';
import { formPairs, pathOf, queryPairs } from '../../../../dev/stand-ins/sigv4/query.ts';

test('the pairs of a query are decoded once, in their order, and a plus stays a plus', () => {
  expect(queryPairs('/path?b=1&&a=%2541+%C3%BC&flag&c==')).toEqual([
    ['b', '1'],
    ['a', '%41+\u00C3\u00BC'],
    ['flag', ''],
    ['c', '='],
  ]);
});

test('a target without a question mark has no pairs, and its path is all of it', () => {
  expect(queryPairs('/path')).toEqual([]);
  expect([pathOf('/path'), pathOf('/path?a=?')]).toEqual(['/path', '/path']);
});

test('the pairs of a form are UTF-8 text, and a plus is a space', () => {
  expect(formPairs(Buffer.from('a=b+c&ü=%C3%BC&p=%2B'))).toEqual([
    ['a', 'b c'],
    ['ü', 'ü'],
    ['p', '+'],
  ]);
});
