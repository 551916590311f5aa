import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { parseInput } from '../../../lib/json/parse-input.ts';
import { principalOfText } from '../../../lib/records/principal.ts';
import { parseYaml } from '../../../lib/json/read-yaml.ts';
import type { ValuePath } from '../../../lib/json/value-path.ts';
import { mappingInput } from '../../../lib/records/mapping.ts';

const text = `# a desired state
mappings:
  - scope: all
    principal:
      arn: arn:aws:iam::012345678901:role/A
    groups:
      - one
      - two
account: 012345678901
inner: |
  first
`;

describe('where a value stands in a file', () => {
  const parsed = parseYaml(text);
  const [document] = parsed.ok ? parsed.value : [];
  test.each<[ValuePath, number]>([
    [[], 2],
    [['mappings'], 2],
    [['mappings', 0], 3],
    [['mappings', 0, 'scope'], 3],
    [['mappings', 0, 'principal', 'arn'], 5],
    [['mappings', 0, 'groups'], 6],
    [['mappings', 0, 'groups', 1], 8],
    [['mappings', 0, 'nothing'], 3],
    [['mappings', 7, 'scope'], 2],
    [['nothing', 'at', 'all'], 2],
  ])('%j: line %i', (path, line) => {
    expect(document?.lineOf(path)).toBe(line);
  });

  test('numbers stay text, so that account ids keep their zero', () => {
    expect(document?.value).toMatchObject({ account: '012345678901' });
  });

  test('the lines of text inside a block', () => {
    expect(document?.textLineOf(['inner'])).toBe(11);
  });

  test('empty documents are left out; a broken one is told by its line', () => {
    expect(parseYaml('---\n---\na: 1\n---\n')).toMatchObject({
      ok: true,
      value: [{ value: { a: '1' } }],
    });
    expect(parseYaml('')).toEqual({ ok: true, value: [] });
    expect(parseYaml('a: 1\nb: [', 10)).toMatchObject({ ok: false, failure: [{ line: 11 }] });
  });
});

describe('what a union says of input that fits none of its kinds', () => {
  const errorsOf = (principal: unknown): readonly string[] => {
    const parsed = parseInput(mappingInput, { scope: 'all', principal, username: 'u', groups: [] });
    return parsed.ok ? [] : parsed.failure.map(({ path }) => path);
  };
  test.each<[string, unknown, string]>([
    ['the wrong field, if the input is of one kind', { arn: 'x' }, 'principal.arn'],
    [
      'the wrong nested field, if the input is of one kind',
      { permissionSet: { accountId: '1', name: 'A' } },
      'principal.permissionSet.accountId',
    ],
    ['the union, if the input is of two kinds', { arn: 'x', accountId: '111122223333' }, 'principal'],
    ['the union, if the input is of no kind', {}, 'principal'],
    ['the union, if the input is not an object', 3, 'principal'],
  ])('its error names %s', (_name, principal, path) => {
    expect(errorsOf(principal)).toEqual([path]);
  });
});

test.each<[string, object | undefined]>([
  ['arn:aws:iam::111122223333:role/a/B', { arn: 'arn:aws:iam::111122223333:role/a/B' }],
  ['111122223333', { accountId: '111122223333', partition: 'aws' }],
  ['account/aws-cn/111122223333', { accountId: '111122223333', partition: 'aws-cn' }],
  [
    'permission-set/111122223333/A',
    { permissionSet: { accountId: '111122223333', name: 'A', partition: 'aws' } },
  ],
  [
    'permission-set/aws-us-gov/111122223333/A',
    { permissionSet: { accountId: '111122223333', name: 'A', partition: 'aws-us-gov' } },
  ],
  ['permission-set/mars/111122223333/A', undefined],
  ['account/mars/111122223333', undefined],
  ['arn:aws:sts::111122223333:assumed-role/A/s', undefined],
  ['A', undefined],
  ['xpermission-set/111122223333/A', undefined],
  ['permission-set/111122223333/A/B', undefined],
  [
    'permission-set/111122223333/Admin_ReadOnly',
    { permissionSet: { accountId: '111122223333', name: 'Admin_ReadOnly', partition: 'aws' } },
  ],
  [`permission-set/111122223333/${'A'.repeat(33)}`, undefined],
  ['0111122223333', undefined],
  ['1111222233334', undefined],
  ['account/111122223333/x', undefined],
  ['xaccount/111122223333', undefined],
  ['account/111122223333', { accountId: '111122223333', partition: 'aws' }],
])('principalOfText parses %s as %j', (word, principal) => {
  expect(principalOfText(word)).toEqual(principal);
});

test('one text for one value', () => {
  expect(canonicalJson({ b: [1, { d: undefined, c: null }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":null}]}');
});
