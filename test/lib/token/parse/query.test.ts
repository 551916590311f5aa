import { expect, test } from 'vitest';
import { canonicalQuery, decodeValue, encodeValue, splitPair } from '../../../../lib/token/parse/query.ts';

test.each([
  ['a%2Fb%3d', 'a/b='],
  ['%25', '%'],
  ['%2541', '%41'],
  ['a/b:c=~', 'a/b:c=~'],
  ['', ''],
])('the value %s is decoded once, to %s', (text, value) => {
  expect(decodeValue(text)).toBe(value);
});

test.each(['a+b', 'a b', 'a;b', 'a#b', 'a\n', '%', '%4', '%4g', 'ü'])(
  'the ambiguous value %j is refused',
  (text) => {
    expect(decodeValue(text)).toBeUndefined();
  },
);

test('a pair is split at its first equals sign, and a piece without one is no pair', () => {
  expect(splitPair('a=b==')).toEqual({ name: 'a', value: 'b==' });
  expect(splitPair('a')).toBeUndefined();
});

test.each([
  ["!'()*", '%21%27%28%29%2A'],
  ['aZ09-._~', 'aZ09-._~'],
  [' "#$%&+,/:;<=>?@[\\]^`{|}', '%20%22%23%24%25%26%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D'],
])('the value %j is escaped to %s, as SigV4 demands', (text, escaped) => {
  expect(encodeValue(text)).toBe(escaped);
  expect(canonicalQuery([[text, text]])).toBe(`${escaped}=${escaped}`);
});

test('a canonical query is sorted and escaped in upper-case hexadecimal', () => {
  const pairs = [
    ['b', '/;'],
    ['a', '~ x'],
    ['B', ''],
  ] as const;
  expect(canonicalQuery(pairs)).toBe('B=&a=~%20x&b=%2F%3B');
});
