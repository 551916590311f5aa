import { describe, expect, test } from 'vitest';
import { canonicalJson, sameValue } from '../../../lib/json/canonical-json.ts';

describe('canonicalJson', () => {
  test('sorts the fields of every object by code units and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: 1, C: 2 } })).toBe('{"a":{"C":2,"d":1},"b":[2,1]}');
  });

  test('omits a field that is undefined and keeps one that is null', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  test('escapes names and values as JSON does', () => {
    const value = { 'a"b': 'line\nbreak' };
    expect(canonicalJson(value)).toBe(JSON.stringify(value));
  });
});

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [[1, 2], [2, 1], false],
  [{ a: '1' }, { a: 1 }, false],
  [{}, [], false],
  [null, undefined, true],
])('sameValue of %j and %j is %s', (a, b, expected) => {
  expect(sameValue(a, b)).toBe(expected);
});
