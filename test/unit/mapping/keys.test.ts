import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denialId, mappingId, parseDenialId, parseMappingId } from '../../../lib/mapping/ids.ts';
import {
  arnKey,
  denialKey,
  denialRef,
  permissionSetOf,
  principalKey,
  principalKind,
} from '../../../lib/mapping/principal.ts';
import { compareText } from '../../../lib/mapping/naming-order.ts';
import { clusterScope, isScope, scopeParts, scopesOf, setScope } from '../../../lib/mapping/scope.ts';
import {
  parseStoredBinding,
  parseStoredCluster,
  parseStoredDenial,
  parseStoredMapping,
  parseStoredSet,
} from '../../../lib/mapping/stored.ts';
import type { MappingRef, Principal } from '../../../lib/mapping/types.ts';
import { cases } from '../../support/scale.ts';

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
});

test('scopes', () => {
  expect(scopesOf({ id: 'demo', sets: ['b', 'a', 'b'] })).toEqual(['cluster/demo', 'set/b', 'set/a', 'all']);
  expect(scopeParts(clusterScope('a.b'))).toEqual({ kind: 'cluster', id: 'a.b' });
  expect(scopeParts(setScope('prod'))).toEqual({ kind: 'set', name: 'prod' });
  expect(scopeParts('all')).toEqual({ kind: 'all' });
  expect(['all', 'cluster/A', 'set/a'].every(isScope)).toBe(true);
  expect(['', 'ALL', 'cluster/', 'set/A', 'cluster/a\n', 'all/x'].some(isScope)).toBe(false);
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
  const mapping = { scope: 'all', principal: role, owner: 'manual', username: 'u', groups: ['g'] };
  const binding = { id: 'b', iamGroup: 'arn', scope: 'set/a', username: 'u', groups: [] };

  test('come back without what is not known', () => {
    expect(parseStoredMapping({ ...mapping, colour: 'red' })).toEqual(mapping);
    const clustered = { id: 'a', partition: 'aws', sets: [], adminGroups: [] };
    expect(parseStoredCluster({ ...clustered, colour: 'red' })).toEqual(clustered);
    expect(parseStoredSet({ name: 'prod', colour: 'red' })).toEqual({ name: 'prod' });
    expect(parseStoredBinding({ ...binding, colour: 'red' })).toEqual(binding);
    for (const subject of [
      { principal: permissionSet },
      { principalId: 'AROAX' },
      { accessKeyId: 'AKIAX' },
    ]) {
      const denial = { ...subject, reason: 'x', sessionName: 'ann' };
      expect(parseStoredDenial({ ...denial, colour: 'red' })).toEqual(denial);
    }
  });

  test.each([
    undefined,
    'x',
    {},
    { ...mapping, scope: 'everything' },
    { ...mapping, owner: 'me' },
    { ...mapping, groups: 'g' },
    { ...mapping, principal: {} },
    { ...mapping, principal: { ...role, accountId: account } },
    { ...mapping, contributions: { b: {} } },
  ])('%j is no mapping', (record) => {
    expect(parseStoredMapping(record)).toBeUndefined();
  });
});
