import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../lib/json/read-yaml.ts';
import type { YamlDocument } from '../../../lib/json/read-yaml.ts';

function documents(text: string, firstLine?: number): readonly YamlDocument[] {
  const result = parseYaml(text, firstLine);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}
const only = (text: string, firstLine?: number): YamlDocument => documents(text, firstLine)[0]!;

const mappings = `# comment
mappings:
  - scope: all
    groups:
      - a
      - b
  - scope: set/prod
text: |
  first
  second
quoted: "x"
`;

describe('parseYaml', () => {
  test('keeps numbers as text, so that an account id keeps its leading zero', () => {
    expect(only('account: 012345678901\nfactor: 1.50\non: true').value).toEqual({
      account: '012345678901',
      factor: '1.50',
      on: true,
    });
  });

  test('reads JSON too', () => {
    expect(only('{"mappings": [{"scope": "all"}]}').value).toEqual({ mappings: [{ scope: 'all' }] });
  });

  test('returns every document of a file except the empty ones', () => {
    expect(documents('a: x\n---\n# only a comment\n---\nb: y\n').map(({ value }) => value)).toEqual([
      { a: 'x' },
      { b: 'y' },
    ]);
    expect(documents('')).toEqual([]);
  });

  test.each([
    ['a: x\nb: [\n', 3, /^This is not YAML: /],
    ['a: x\na: y\n', 2, /^a is written twice: keep one of the two\.$/],
    ['{"m": [\n{"groups": 1,\n "groups": 2}]}', 3, /^groups is written twice: keep one of the two\.$/],
    ['m: {x: 1, x : 2}', 1, /^x is written twice/],
    ['? [a]\n: 1\n? [a]\n: 2\n', 3, /^\[a\] is written twice/],
    ['true: 1\n"true": 2\n', 2, /^true is written twice/],
    ['012: 1\n"012": 2\n', 2, /^012 is written twice/],
    ['? \n: 1\n"": 2\n', 3, /^A name is written twice/],
    [`${'x'.repeat(100)}: 1\n${'x'.repeat(100)}: 2`, 2, /^x{81} is written twice/],
    ['a:\n\tb: x\n', 2, /^This is not YAML: /],
    ['a: *missing\n', 1, /aliases/],
  ])('refuses %j and names line %d', (text, line, message) => {
    const result = parseYaml(text);
    expect(result).toMatchObject({
      ok: false,
      failure: [{ line, message: expect.stringMatching(message) }],
    });
  });

  test('counts the lines of an error from the first line that the caller names', () => {
    expect(parseYaml('a: x\na: y\n', 10)).toMatchObject({ failure: [{ line: 11 }] });
  });
});

describe('the line of a value', () => {
  test.each([
    [['mappings'], 2],
    [['mappings', 0], 3],
    [['mappings', 0, 'groups', 1], 6],
    [['mappings', 1, 'scope'], 7],
    [['text'], 8],
  ])('at %j is %d', (path, line) => {
    expect(only(mappings).lineOf(path)).toBe(line);
  });

  test.each([
    [['mappings', 1, 'groups', 0], 7],
    [['mappings', 9], 2],
    [['absent', 'field'], 2],
  ])('that does not exist, at %j, is the line %d of the nearest value around it', (path, line) => {
    expect(only(mappings).lineOf(path)).toBe(line);
  });

  test('is counted from the first line that the caller names', () => {
    expect(only(mappings, 100).lineOf(['mappings', 0])).toBe(102);
  });
});

test('the text of a block scalar begins on the line after its name, that of a quoted scalar on the same line', () => {
  const { textLineOf } = only(mappings);
  expect(textLineOf(['text'])).toBe(9);
  expect(textLineOf(['quoted'])).toBe(11);
});

test('the text of a value that does not exist is on the first line', () => {
  expect(only(mappings).textLineOf(['absent'])).toBe(1);
});
