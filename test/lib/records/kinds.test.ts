import type { GenericSchema } from 'valibot';
import { describe, expect, test } from 'vitest';
import { bindingInput, bindingKind } from '../../../lib/records/binding.ts';
import { clusterKind } from '../../../lib/records/cluster.ts';
import { denialInput, denialKind } from '../../../lib/records/denial.ts';
import { deleteOrder, isRecordKind, kinds, recordOf, writeOrder } from '../../../lib/records/kinds.ts';
import { mappingInput, mappingKind } from '../../../lib/records/mapping.ts';
import { setInput, setKind } from '../../../lib/records/set.ts';
import { parseInput } from '../../../lib/json/parse-input.ts';

const role = 'arn:aws:iam::111122223333:role/Dev';
const bookkeeping = {
  version: 3,
  createdAt: '2026-11-01T00:00:00Z',
  createdBy: role,
  updatedAt: '2026-11-02T00:00:00Z',
  updatedBy: role,
};

test('records are written after those that they refer to, and deleted before them', () => {
  expect(writeOrder).toEqual(['set', 'cluster', 'mapping', 'denial', 'binding']);
  expect(deleteOrder).toEqual(['binding', 'denial', 'mapping', 'cluster', 'set']);
});

test.each([
  ['set', true],
  ['constructor', false],
  ['sets', false],
])('%s is the name of a kind: %s', (text, expected) => {
  expect(isRecordKind(text)).toBe(expected);
});

test.each([
  ['set', 'sets', 'set'],
  ['cluster', 'clusters', 'cluster'],
  ['mapping', 'mappings', 'mapping'],
  ['denial', 'denials', 'denial'],
  ['binding', 'bindings', 'group binding'],
] as const)('a %s is listed under %s and called a %s in sentences', (kind, list, noun) => {
  expect(kinds[kind]).toMatchObject({ kind, list, noun });
});

describe('the ref of a record is its key, and its text parses to the ref again', () => {
  test('a set has its name', () => {
    const ref = setKind.refOf({ name: 'prod', description: 'd' });
    expect(ref).toEqual({ name: 'prod' });
    expect(setKind.refText(ref)).toBe('prod');
    expect(setKind.parseRefText('prod')).toEqual(ref);
  });

  test('a cluster has its id', () => {
    const ref = clusterKind.refOf({ id: 'demo', partition: 'aws', sets: [], adminGroups: [] });
    expect(ref).toEqual({ id: 'demo' });
    expect(clusterKind.refText(ref)).toBe('demo');
    expect(clusterKind.parseRefText('demo')).toEqual(ref);
  });

  test('a binding has its id', () => {
    const binding = { id: 'devs', iamGroup: 'g', scope: 'all', username: 'u', groups: [] } as const;
    const ref = bindingKind.refOf(binding);
    expect(ref).toEqual({ id: 'devs' });
    expect(bindingKind.refText(ref)).toBe('devs');
    expect(bindingKind.parseRefText('devs')).toEqual(ref);
  });

  test('a mapping has its scope, principal and owner', () => {
    const mapping = {
      scope: 'all',
      principal: { arn: role },
      owner: 'manual',
      username: 'u',
      groups: [],
    } as const;
    const ref = mappingKind.refOf(mapping);
    expect(ref).toEqual({ scope: 'all', principalKey: role.toLowerCase(), owner: 'manual' });
    expect(mappingKind.parseRefText(mappingKind.refText(ref))).toEqual(ref);
  });

  test('a denial has its principal', () => {
    const ref = denialKind.refOf({ principal: { arn: role }, reason: 'left' });
    expect(ref).toEqual({ principalKey: role.toLowerCase() });
    expect(denialKind.parseRefText(denialKind.refText(ref))).toEqual(ref);
  });
});

describe('the fields that a writer sets are the record without what the store adds', () => {
  test('a cluster without versions and times', () => {
    const record = { id: 'demo', partition: 'aws', sets: ['prod'], adminGroups: ['admins'] } as const;
    expect(recordOf('cluster', { ...record, ...bookkeeping })).toStrictEqual(record);
  });

  test('a denial without its id and principal key', () => {
    const record = { principal: { arn: role }, reason: 'left' };
    const stored = { ...record, ...bookkeeping, id: 'x', principalKey: role.toLowerCase() };
    expect(recordOf('denial', stored)).toStrictEqual(record);
  });

  test('a mapping without its id and principal key', () => {
    const record = {
      scope: 'all',
      principal: { arn: role },
      owner: 'manual',
      username: 'u',
      groups: [],
    } as const;
    const stored = { ...record, ...bookkeeping, id: 'x', principalKey: role.toLowerCase() };
    expect(recordOf('mapping', stored)).toStrictEqual(record);
  });
});

describe('the message about a wrong field', () => {
  const mapping = { scope: 'all', principal: { arn: role }, username: 'u', groups: [] };
  const denial = { principal: { arn: role }, reason: 'left' };
  const binding = { id: 'b', iamGroup: 'arn:aws:iam::111122223333:group/g', scope: 'all', groups: ['g'] };
  test.each<[string, GenericSchema, object, RegExp]>([
    ['mapping.username', mappingInput, { ...mapping, username: 7 }, /^username must be text/],
    ['binding.username', bindingInput, { ...binding, username: 7 }, /^username must be text/],
    [
      'binding.allowSystemGroups',
      bindingInput,
      { ...binding, allowSystemGroups: 'yes' },
      /^allowSystemGroups must be true/,
    ],
    ['set.description', setInput, { name: 'prod', description: '' }, /^description must be 1 to 500/],
    ['denial.reason', denialInput, { ...denial, reason: '' }, /^reason must be 1 to 500/],
    [
      'an unknown one of a denial of a principal',
      denialInput,
      { ...denial, why: 1 },
      /^a denial has no field why/,
    ],
    [
      'an unknown one of a denial of a key',
      denialInput,
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', reason: 'x', why: 1 },
      /^a denial has no field why/,
    ],
    [
      'an unknown one of a principal with an ARN',
      mappingInput,
      { ...mapping, principal: { arn: role, x: 1 } },
      /^principal has no field x/,
    ],
    [
      'an unknown one of a permission set',
      mappingInput,
      { ...mapping, principal: { permissionSet: { accountId: '111122223333', name: 'A' }, x: 1 } },
      /^principal has no field x/,
    ],
    [
      'an unknown one of an account',
      mappingInput,
      { ...mapping, principal: { accountId: '111122223333', x: 1 } },
      /^principal has no field x/,
    ],
  ])('begins with the field: %s', (_name, schema, value, message) => {
    const parsed = parseInput(schema, value);
    expect(parsed.ok ? [] : parsed.failure.map((problem) => problem.message)).toEqual([
      expect.stringMatching(message),
    ]);
  });
});
