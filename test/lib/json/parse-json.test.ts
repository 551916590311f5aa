import { isDeepStrictEqual } from 'node:util';
import { anything, array, assert, json, letrec, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failed, ok } from '../../../lib/errors.ts';
import { parseJson } from '../../../lib/json/parse-json.ts';
import { cases } from '../../fixtures/scale.ts';

const problemsOf = (text: string): readonly string[] => {
  const parsed = parseJson(text);
  return parsed.ok ? [] : parsed.failure.map(({ path, rule }) => `${path}: ${rule}`);
};

describe('JSON with a name twice in an object is refused with the path', () => {
  test.each([
    ['at the top', '{"groups": ["viewers"], "groups": ["system:masters"]}', ['groups']],
    ['with equal values', '{"a":1,"a":1}', ['a']],
    ['three times', '{"a":1,"a":2,"a":3}', ['a']],
    ['in an object of an object', '{"principal": {"arn": "x", "arn": "y"}}', ['principal.arn']],
    ['in an object of a list', '{"m": [{"a": 1}, {"a": 1, "b": [[{"c": 1, "c": 2}]]}]}', ['m[1].b[0][0].c']],
    ['two names', '{"a":1,"b":{"c":[],"c":{}},"a":2}', ['b.c', 'a']],
    ['in another spelling', String.raw`{"groups": 1, "gr\u006fups": 2}`, ['groups']],
    ['the empty name', '{"":1,"":2}', ['']],
    ['of a name that every object inherits', '{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['after a text that looks like structure', String.raw`{"a":"\"},{[\\","a":"}"}`, ['a']],
    ['after white space', '{\n"a"\t: 1 ,\r\n "a" :2}', ['a']],
  ])('a name that stands twice is found: %s', (_, text, paths) => {
    expect(problemsOf(text)).toEqual(paths.map((path) => `${path}: is written twice`));
  });
});

test.each([
  ['one name in several objects', '[{"a":1},{"a":{"a":{"b":1}}},{"b":[{"a":1},{"a":1}]}]'],
  ['names that differ in case', '{"a":1,"A":2}'],
  ['a name that is also a value', '{"a":"a","b":["a","b"],"c":"a"}'],
  ['words and numbers', '[true,false,null,-1.5e3,{}]'],
  ['64 levels', '['.repeat(64) + ']'.repeat(64)],
])('JSON with %s is parsed', (_, text) => {
  expect(parseJson(text)).toEqual(ok(JSON.parse(text)));
});

test.each([
  '',
  '{',
  '"a',
  '"\\"',
  '{"a":1,}',
  '{"\\q":1}',
  '{a:1}',
  '[1}',
  'NaN',
  '\ufeff{}',
  ']',
  ',',
  '{,"a":1}',
])('text that is not JSON is refused: %j', (text) => {
  expect(parseJson(text)).toEqual(failed([{ path: '', rule: 'is not JSON' }]));
});

test('JSON of more than 64 levels, 10,000 names in an object or 100,000 items in a list is refused before it is parsed', () => {
  expect(problemsOf('['.repeat(65))).toEqual([': nests more than 64 levels deep']);
  const names = Array.from({ length: 10_001 }, (_, index) => `"${index}":0`);
  expect(problemsOf(`{${names.join()}`)).toEqual([': has more than 10000 fields in one object']);
  expect(problemsOf(`{${names.slice(1).join()}}`)).toEqual([]);
  expect(problemsOf(`[${'0,'.repeat(100_000)}`)).toEqual([': has more than 100000 items in one list']);
  expect(problemsOf(`[${'0,'.repeat(99_999)}0]`)).toEqual([]);
});

test('of repeated names a hundred are reported, each path shortened to 300 characters', () => {
  const objects = Array.from({ length: 150 }, () => `{"a":1,"a":2}`);
  expect(problemsOf(`{"${'x'.repeat(1000)}":[${objects.join()}]}`)).toHaveLength(1);
  expect(problemsOf(`[${objects.join()}]`)).toHaveLength(100);
  expect(problemsOf(`{"${'x'.repeat(1000)}":1,"${'x'.repeat(1000)}":1}`)).toEqual([
    `${'x'.repeat(300)}…: is written twice`,
  ]);
});

test('any JSON that was written by JSON.stringify is parsed to the same value', () => {
  expect(() =>
    assert(
      property(json(), (text) => isDeepStrictEqual(parseJson(text), ok(JSON.parse(text)))),
      { numRuns: cases(200, 20_000) },
    ),
  ).not.toThrow();
});

/** Objects as lists of names and values: names may repeat. */
const { value } = letrec<{ value: { text: string; repeats: boolean } }>((tie) => ({
  value: oneof(
    { maxDepth: 4 },
    anything({ maxDepth: 0 }).map((leaf) => ({ text: JSON.stringify(leaf) ?? 'null', repeats: false })),
    array(tie('value'), { maxLength: 3 }).map((items) => ({
      text: `[${items.map(({ text }) => text).join()}]`,
      repeats: items.some(({ repeats }) => repeats),
    })),
    array(tuple(oneof(string(), string({ maxLength: 1 })), tie('value')), { maxLength: 4 }).map((fields) => ({
      text: `{${fields.map(([name, { text }]) => `${JSON.stringify(name)}:${text}`).join()}}`,
      repeats:
        fields.some(([, { repeats }]) => repeats) ||
        new Set(fields.map(([name]) => name)).size < fields.length,
    })),
  ),
}));

test('a text is refused exactly if an object in it has a name twice', () => {
  expect(() =>
    assert(
      property(value, ({ text, repeats }) => parseJson(text).ok === !repeats),
      { numRuns: cases(300, 50_000) },
    ),
  ).not.toThrow();
});
