import { describe, expect, test } from 'vitest';
import { parseStoredBinding } from '../../../lib/records/binding.ts';
import { parseStoredCluster } from '../../../lib/records/cluster.ts';
import { parseStoredDenial } from '../../../lib/records/denial.ts';
import { parseStoredMapping } from '../../../lib/records/mapping.ts';
import { parseStoredSet } from '../../../lib/records/set.ts';

const account = '111122223333';
const role = { arn: `arn:aws:iam::${account}:role/team/blue/Dev` };
const permissionSet = { permissionSet: { accountId: account, name: 'Admin_RO' } };

describe('the stored record', () => {
  const why = { reason: 'x', sessionName: 'ann' };
  /** Each with every field that it may have. */
  const records: Record<string, { parse: (record: unknown) => unknown; whole: object; needs: string[] }> = {
    cluster: {
      parse: parseStoredCluster,
      whole: {
        id: 'a',
        description: 'd',
        partition: 'aws',
        sets: ['s'],
        adminGroups: ['g'],
        disabled: true,
      },
      needs: ['id', 'partition', 'sets', 'adminGroups'],
    },
    set: { parse: parseStoredSet, whole: { name: 'prod', description: 'd' }, needs: ['name'] },
    mapping: {
      parse: parseStoredMapping,
      whole: {
        scope: 'all',
        principal: role,
        owner: 'group-sync',
        username: 'u',
        groups: ['g'],
        expiresAt: '2030-01-01T00:00:00Z',
        principalId: 'AROAX',
        instanceProfiles: ['p'],
        contributions: { b: { username: 'u', groups: ['g'] } },
      },
      needs: ['scope', 'principal', 'owner', 'username', 'groups'],
    },
    binding: {
      parse: parseStoredBinding,
      whole: {
        id: 'b',
        iamGroup: 'arn',
        readerRoleArn: 'arn',
        externalId: 'x',
        scope: 'set/a',
        username: 'u',
        groups: ['g'],
        allowSystemGroups: true,
      },
      needs: ['id', 'iamGroup', 'scope', 'username', 'groups'],
    },
    'denial of a principal': {
      parse: parseStoredDenial,
      whole: { principal: permissionSet, ...why },
      needs: ['principal', 'reason'],
    },
    'denial of a unique id': {
      parse: parseStoredDenial,
      whole: { principalId: 'AROAX', ...why },
      needs: ['principalId', 'reason'],
    },
    'denial of an access key': {
      parse: parseStoredDenial,
      whole: { accessKeyId: 'AKIAX', ...why },
      needs: ['accessKeyId', 'reason'],
    },
  };

  describe.each(Object.entries(records))('of a %s', (_name, { parse, whole, needs }) => {
    test('is parsed with every known field and without unknown ones', () => {
      expect(parse({ ...whole, colour: 'red' })).toEqual(whole);
    });

    test('is refused without a required field and accepted without an optional one', () => {
      for (const field of Object.keys(whole)) {
        const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field));
        expect(parse(rest), `without ${field}`).toEqual(needs.includes(field) ? undefined : rest);
      }
    });

    test('is refused if a field has another type', () => {
      for (const field of Object.keys(whole)) {
        for (const wrong of [7, null, { x: 7 }, [7]]) {
          expect(parse({ ...whole, [field]: wrong }), `${field}: ${JSON.stringify(wrong)}`).toBe(undefined);
        }
      }
    });
  });

  const mapping = records['mapping']?.whole;
  test.each([
    { scope: 'cluster/a.b' },
    { scope: 'set/a-b' },
    { owner: 'manual' },
    { principal: { accountId: account } },
    { principal: { accountId: account, partition: 'aws-cn' } },
    { principal: { permissionSet: { accountId: account, name: 'A', partition: 'aws-cn' } } },
    { contributions: { constructor: { username: 'u', groups: ['g'] } } },
  ])('of a mapping may have %j', (fields) => {
    expect(parseStoredMapping({ ...mapping, ...fields })).toEqual({ ...mapping, ...fields });
  });

  test.each([
    { scope: 'everything' },
    { scope: ['all'] },
    { scope: 'cluster/' },
    { scope: 'set/A' },
    { owner: 'me' },
    { principal: {} },
    { principal: { ...role, accountId: account } },
    { principal: { ...role, ...permissionSet } },
    { principal: { permissionSet: { accountId: account, name: 'A', colour: 'red' } } },
    { principal: { permissionSet: { accountId: account } } },
    { principal: { accountId: account, partition: 'aws-xy' } },
    { contributions: [] },
    { contributions: { b: {} } },
    { contributions: { b: { username: 'u', groups: 'g' } } },
    { contributions: { b: { username: 7, groups: [] } } },
  ])('of a mapping is refused with %j', (fields) => {
    expect(parseStoredMapping({ ...mapping, ...fields })).toBeUndefined();
  });

  test.each([undefined, null, 'x', [], {}])('of no kind is %j', (value) => {
    for (const { parse } of Object.values(records)) expect(parse(value)).toBeUndefined();
  });
});
