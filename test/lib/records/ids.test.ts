import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denialId, denialKey, denialRef, parseDenialId } from '../../../lib/records/denial.ts';
import { mappingId, parseMappingId } from '../../../lib/records/mapping.ts';
import type { MappingRef } from '../../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../../lib/records/principal.ts';
import { cases } from '../../fixtures/scale.ts';

const account = '111122223333';
const role = { arn: `arn:aws:iam::${account}:role/team/blue/Dev` };
const permissionSet = { permissionSet: { accountId: account, name: 'Admin_RO' } };

test('a denial has the key of its principal, unique id or access key; the keys of principals and sessions are in lower case', () => {
  expect(denialKey({ principal: role })).toBe(`arn:aws:iam::${account}:role/dev`);
  expect(denialKey({ principalId: 'AROAX' })).toBe('principal-id/AROAX');
  expect(denialKey({ accessKeyId: 'AKIAX' })).toBe('access-key/AKIAX');
  expect(denialRef({ principal: role, sessionName: 'Ann', reason: 'x' })).toEqual({
    principalKey: `arn:aws:iam::${account}:role/dev`,
    sessionKey: 'ann',
  });
});

describe('the id', () => {
  const ref: MappingRef = { scope: 'set/prod', principalKey: mappingKeyOf(role), owner: 'manual' };

  test('of a mapping is parsed back to its key', () => {
    expect(mappingId(ref)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(parseMappingId(mappingId(ref))).toEqual(ref);
    const synced: MappingRef = {
      scope: 'all',
      principalKey: mappingKeyOf(permissionSet),
      owner: 'group-sync',
    };
    expect(parseMappingId(mappingId(synced))).toEqual(synced);
    const cased: MappingRef = { ...ref, principalKey: `arn:aws:sts::${account}:federated-user/Bob` };
    expect(parseMappingId(mappingId(cased))).toEqual(cased);
  });

  test.each([
    denialRef({ principal: role, reason: 'x' }),
    denialRef({ principal: permissionSet, sessionName: 'Ann@example.com', reason: 'x' }),
    denialRef({ principal: { accountId: account }, reason: 'x' }),
    denialRef({ principalId: 'AIDAEXAMPLE0000000001', reason: 'x' }),
    denialRef({ accessKeyId: 'AKIAEXAMPLE000000001', reason: 'x' }),
  ])('of the denial %j is parsed back to its key', (denial) => {
    expect(parseDenialId(denialId(denial))).toEqual(denial);
  });

  test('of a denial without a session is parsed back without a session', () => {
    expect(parseDenialId(denialId({ principalKey: mappingKeyOf(role) }))).toStrictEqual({
      principalKey: mappingKeyOf(role),
    });
  });

  const encoded = (text: string): string => Buffer.from(text).toString('base64url');
  const key = mappingKeyOf(role);
  const federated = `arn:aws:sts::${account}:federated-user/`;

  test.each([
    ['an empty text', ''],
    ['text that is not base64url', 'a b'],
    ['padding', `${mappingId(ref)}=`],
    ['a text with a character that Buffer skips', `${mappingId(ref)}!`],
    ['a text with leftover bits', encoded('a').replace(/.$/, 'R')],
    ['an encoding of bytes that are not text', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['two parts', encoded(`all\n${key}`)],
    ['four parts', encoded(`all\n${key}\nmanual\nx`)],
    ['another owner', encoded(`all\n${key}\nme`)],
    ['another scope', encoded(`everything\n${key}\nmanual`)],
    ['a key with capitals', encoded(`all\n${key.toUpperCase()}\nmanual`)],
    ['a key with a federated name that is none', encoded(`all\n${federated}A/b\nmanual`)],
    ['a key of a federated user in capitals', encoded(`all\n${federated.toUpperCase()}Bob\nmanual`)],
    ['a key of a denial', encoded('all\nprincipal-id/AROAX\nmanual')],
    ['a key of no kind', encoded(`all\nx${key}\nmanual`)],
    ['a key with a space', encoded(`all\n${key} \nmanual`)],
  ])('of a mapping is never %s', (_name, id) => {
    expect(parseMappingId(id)).toBeUndefined();
  });

  test.each([
    ['an empty text', ''],
    ['padding', `${encoded(key)}=`],
    ['three parts', encoded(`${key}\na\nb`)],
    ['an empty session', encoded(`${key}\n`)],
    ['a session with a space', encoded(`${key}\na b`)],
    ['an unknown kind', encoded('user/alice')],
    ['a unique id in lower case', encoded('principal-id/aroax')],
    ['a unique id and more', encoded('principal-id/AROAX!')],
    ['more and a unique id', encoded('xprincipal-id/AROAX')],
  ])('of a denial is never %s', (_name, id) => {
    expect(parseDenialId(id)).toBeUndefined();
  });

  test('of a mapping or a denial is unique: a text that parses is encoded back to itself', () => {
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
