import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  denialId,
  denialKey,
  denialRef,
  parseDenialId,
  parseStoredDenial,
} from '../../../lib/records/denial.ts';
import { mappingId, parseMappingId, parseStoredMapping } from '../../../lib/records/mapping.ts';
import { arnKey, permissionSetOf, principalKey, principalKind } from '../../../lib/records/principal.ts';
import { compareText } from '../../../lib/json/compare-text.ts';
import { clusterScope, isScope, scopeParts, scopesOf, setScope } from '../../../lib/records/scope.ts';
import { parseStoredBinding } from '../../../lib/records/binding.ts';
import { parseStoredCluster } from '../../../lib/records/cluster.ts';
import { parseStoredSet } from '../../../lib/records/set.ts';
import type { MappingRef } from '../../../lib/records/mapping.ts';
import type { Principal } from '../../../lib/records/principal.ts';
import { cases } from '../../fixtures/scale.ts';

const account = '111122223333';
const role = { arn: `arn:aws:iam::${account}:role/team/blue/Dev` };
const permissionSet = { permissionSet: { accountId: account, name: 'Admin_RO' } };

describe('the key of a principal', () => {
  test.each<[Principal, string, string]>([
    [role, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:role/Dev` }, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws-cn:iam::${account}:role/a//b/Dev` }, 'arn', `arn:aws-cn:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:user/eng/Alice` }, 'arn', `arn:aws:iam::${account}:user/eng/alice`],
    [{ arn: `arn:aws:iam::${account}:root` }, 'arn', `arn:aws:iam::${account}:root`],
    [
      { arn: `arn:aws:sts::${account}:federated-user/Bob` },
      'arn',
      `arn:aws:sts::${account}:federated-user/bob`,
    ],
    [permissionSet, 'permission-set', `permission-set/aws/${account}/admin_ro`],
    [
      { permissionSet: { accountId: account, name: 'Admin', partition: 'aws-us-gov' } },
      'permission-set',
      `permission-set/aws-us-gov/${account}/admin`,
    ],
    [{ accountId: account }, 'account', `account/aws/${account}`],
    [{ accountId: account, partition: 'aws-cn' }, 'account', `account/aws-cn/${account}`],
  ])('%j', (principal, kind, key) => {
    expect(principalKey(principal)).toBe(key);
    expect(principalKind(principal)).toBe(kind);
  });

  test.each([`xarn:aws:iam::${account}:role/a/b`, `arn:aws:iam::${account}:role/a/b/`])(
    'what is not the ARN of a role keeps what looks like a path: %s',
    (text) => {
      expect(arnKey(text)).toBe(text);
    },
  );

  test('of a denial: a principal, a unique id or an access key, the latter two with their case', () => {
    expect(denialKey({ principal: role })).toBe(`arn:aws:iam::${account}:role/dev`);
    expect(denialKey({ principalId: 'AROAX' })).toBe('principal-id/AROAX');
    expect(denialKey({ accessKeyId: 'AKIAX' })).toBe('access-key/AKIAX');
    expect(denialRef({ principal: role, sessionName: 'Ann', reason: 'x' })).toEqual({
      principalKey: `arn:aws:iam::${account}:role/dev`,
      sessionName: 'Ann',
    });
  });

  test('making a key of a key changes nothing', () => {
    const path = fc.stringMatching(/^(?:[!-.0-~]{1,8}\/){0,3}[\w+=,.@-]{1,8}$/);
    fc.assert(
      fc.property(fc.constantFrom('role', 'user'), path, (kind, name) => {
        const key = arnKey(`arn:aws:iam::${account}:${kind}/${name}`);
        expect(arnKey(key)).toBe(key);
      }),
    );
  });
});

test('the permission set in a role name is all of it, and only of a whole match', () => {
  const hex = '0123456789abcdef';
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}`)).toBe('Admin');
  expect(permissionSetOf(`AWSReservedSSO_Admin_Read_Only_${hex}`)).toBe('Admin_Read_Only');
  expect(permissionSetOf(`AWSReservedSSO__${hex}`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}\n`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex.slice(1)}`)).toBeUndefined();
});

test('text is ordered by code units, in every locale alike', () => {
  expect(['b', 'a', 'B', 'ä', 'a'].toSorted(compareText)).toEqual(['B', 'a', 'a', 'b', 'ä']);
  expect(compareText('a', 'a')).toBe(0);
});

test('scopes', () => {
  expect(scopesOf({ id: 'demo', sets: ['b', 'a', 'b'] })).toEqual(['cluster/demo', 'set/b', 'set/a', 'all']);
  expect(scopeParts(clusterScope('a.b'))).toEqual({ kind: 'cluster', id: 'a.b' });
  expect(scopeParts(setScope('prod'))).toEqual({ kind: 'set', name: 'prod' });
  expect(scopeParts('all')).toEqual({ kind: 'all' });
  expect(['all', 'cluster/A', 'set/a'].every(isScope)).toBe(true);
  expect(['', 'ALL', 'cluster/', 'set/A', 'cluster/a\n', 'all/x', 'xall', 'xset/a'].some(isScope)).toBe(
    false,
  );
});

describe('ids are their keys', () => {
  const ref: MappingRef = { scope: 'set/prod', principalKey: principalKey(role), owner: 'manual' };

  test('of mappings', () => {
    expect(mappingId(ref)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(parseMappingId(mappingId(ref))).toEqual(ref);
    const synced: MappingRef = {
      scope: 'all',
      principalKey: principalKey(permissionSet),
      owner: 'group-sync',
    };
    expect(parseMappingId(mappingId(synced))).toEqual(synced);
  });

  test.each([
    denialRef({ principal: role, reason: 'x' }),
    denialRef({ principal: permissionSet, sessionName: 'ann@example.com', reason: 'x' }),
    denialRef({ principal: { accountId: account }, reason: 'x' }),
    denialRef({ principalId: 'AIDAEXAMPLE0000000001', reason: 'x' }),
    denialRef({ accessKeyId: 'AKIAEXAMPLE000000001', reason: 'x' }),
  ])('of denials: %j', (denial) => {
    expect(parseDenialId(denialId(denial))).toEqual(denial);
  });

  test('a denial without a session has no session', () => {
    expect(parseDenialId(denialId({ principalKey: principalKey(role) }))).toStrictEqual({
      principalKey: principalKey(role),
    });
  });

  const encoded = (text: string): string => Buffer.from(text).toString('base64url');
  const key = principalKey(role);

  test.each([
    ['nothing', ''],
    ['not base64url', 'a b'],
    ['padding', `${mappingId(ref)}=`],
    ['what is skipped by Buffer', `${mappingId(ref)}!`],
    ['bits that are left over', encoded('a').replace(/.$/, 'R')],
    ['bytes that are not text', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['two parts', encoded(`all\n${key}`)],
    ['four parts', encoded(`all\n${key}\nmanual\nx`)],
    ['another owner', encoded(`all\n${key}\nme`)],
    ['another scope', encoded(`everything\n${key}\nmanual`)],
    ['a key with capitals', encoded(`all\n${key.toUpperCase()}\nmanual`)],
    ['a key of a denial', encoded('all\nprincipal-id/AROAX\nmanual')],
    ['a key of no kind', encoded(`all\nx${key}\nmanual`)],
    ['a key with a space', encoded(`all\n${key} \nmanual`)],
  ])('no mapping has an id of %s', (_name, id) => {
    expect(parseMappingId(id)).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['padding', `${encoded(key)}=`],
    ['three parts', encoded(`${key}\na\nb`)],
    ['an empty session', encoded(`${key}\n`)],
    ['a session with a space', encoded(`${key}\na b`)],
    ['an unknown kind', encoded('user/alice')],
    ['a unique id in lower case', encoded('principal-id/aroax')],
    ['a unique id and more', encoded('principal-id/AROAX!')],
    ['more and a unique id', encoded('xprincipal-id/AROAX')],
  ])('no denial has an id of %s', (_name, id) => {
    expect(parseDenialId(id)).toBeUndefined();
  });

  test('any text is the id of at most one mapping and of at most one denial: it is encoded again as it was', () => {
    const text = fc.oneof(fc.base64String(), fc.string(), fc.string().map(encoded));
    const again = (id: string): readonly string[] => {
      const mapping = parseMappingId(id);
      const denial = parseDenialId(id);
      return [mapping ? mappingId(mapping) : id, denial ? denialId(denial) : id];
    };
    fc.assert(
      fc.property(text, (id) => {
        expect(again(id)).toEqual([id, id]);
      }),
      { numRuns: cases(2_000, 100_000) },
    );
  });
});

describe('records as the table holds them', () => {
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

  describe.each(Object.entries(records))('a %s', (_name, { parse, whole, needs }) => {
    test('comes back whole, without what is not known', () => {
      expect(parse({ ...whole, colour: 'red' })).toEqual(whole);
    });

    test('is none without what it needs, and is one without the rest', () => {
      for (const field of Object.keys(whole)) {
        const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field));
        expect(parse(rest), `without ${field}`).toEqual(needs.includes(field) ? undefined : rest);
      }
    });

    test('is none where a field is of another type', () => {
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
  ])('a mapping with %j', (fields) => {
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
  ])('no mapping has %j', (fields) => {
    expect(parseStoredMapping({ ...mapping, ...fields })).toBeUndefined();
  });

  test.each([undefined, null, 'x', [], {}])('%j is no record', (value) => {
    for (const { parse } of Object.values(records)) expect(parse(value)).toBeUndefined();
  });
});
