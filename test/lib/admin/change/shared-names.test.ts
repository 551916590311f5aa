import { describe, expect, test } from 'vitest';
import { renamedWarnings, sharedNameWarnings } from '../../../../lib/admin/change/shared-names.ts';
import { entryOfBinding, entryOfMapping } from '../../../../lib/admin/change/shared-names.ts';
import type { Principal } from '../../../../lib/records/principal.ts';
import type { Scope } from '../../../../lib/records/scope.ts';
import { binding } from '../../../fixtures/records.ts';

const role = (name: string): Principal => ({ arn: `arn:aws:iam::111122223333:role/${name}` });
const user = (name: string): Principal => ({ arn: `arn:aws:iam::111122223333:user/${name}` });
const set = (name: string): Principal => ({ permissionSet: { accountId: '111122223333', name } });
const account: Principal = { accountId: '111122223333' };
const entry = (principal: Principal, username: string, scope: Scope = 'all') =>
  entryOfMapping({ principal, username, scope });
const synced = entryOfBinding(binding('devs'));

describe('an entry warns that another can have its username', () => {
  test.each([
    ['two roles with one literal name', entry(role('A'), 'ops'), entry(role('B'), 'ops'), true],
    ['two roles with different names', entry(role('A'), 'a'), entry(role('B'), 'b'), false],
    [
      'a literal that a session can name',
      entry(role('A'), 'dev:al'),
      entry(role('B'), 'dev:{{SessionName}}'),
      true,
    ],
    [
      'a literal with another prefix',
      entry(role('A'), 'ops:al'),
      entry(role('B'), 'dev:{{SessionName}}'),
      false,
    ],
    [
      'two roles with one template',
      entry(role('A'), 'd:{{SessionName}}'),
      entry(role('B'), 'd:{{SessionName}}'),
      true,
    ],
    [
      'two permission sets with one template',
      entry(set('A'), 'sso:{{SessionName}}'),
      entry(set('B'), 'sso:{{SessionName}}'),
      false,
    ],
    [
      'a role with the name that group sync gives a user',
      entry(role('A'), 'aws:111122223333:alice'),
      synced,
      true,
    ],
    [
      'a user with the name that group sync gives them',
      entry(user('alice'), 'aws:111122223333:alice'),
      synced,
      false,
    ],
    [
      'a user with the name that group sync gives another',
      entry(user('bob'), 'aws:111122223333:alice'),
      synced,
      true,
    ],
    ['the same principal twice', entry(role('A'), 'ops'), entry(role('A'), 'ops', 'set/prod'), false],
    [
      'a permission set and its role',
      entry(role('AWSReservedSSO_A_0123456789abcdef'), 'sso:x'),
      entry(set('A'), 'sso:x'),
      false,
    ],
    [
      'an account and another account',
      entry(account, 'ops'),
      entry({ accountId: '444455556666' }, 'ops'),
      true,
    ],
  ])('exactly if it can: %s', (_name, one, other, expected) => {
    expect(sharedNameWarnings(one, [other]).map(({ code }) => code)).toEqual(
      expected ? ['username_shared'] : [],
    );
    expect(sharedNameWarnings(other, [one])).toHaveLength(expected ? 1 : 0);
  });

  test('names the first three of them and counts the rest', () => {
    const others = ['A', 'B', 'C', 'D', 'E'].map((name) => entry(role(name), 'ops'));
    const [warning] = sharedNameWarnings(entry(role('X'), 'ops'), others);
    expect(warning?.message).toContain('role/C (all) as ops, and 2 more');
    expect(warning?.message).not.toContain('role/D');
  });
});

describe('an entry warns that a user is renamed', () => {
  test('if a narrower scope names the same principal otherwise, whichever is written', () => {
    const wide = entry(role('PlatformAdmin'), 'platform:{{SessionName}}');
    const narrow = entry(role('PlatformAdmin'), 'mallory', 'cluster/own');
    for (const [one, other] of [
      [wide, narrow],
      [narrow, wide],
    ] as const) {
      const [warning] = renamedWarnings(one, [other]);
      expect(warning?.code).toBe('user_renamed');
      expect(warning?.message).toMatch(/it is mallory \(of .*cluster\/own\)\), not platform:/);
    }
  });

  test('never if the username is the same, or the entry is replaced', () => {
    const one = entry(role('A'), 'a');
    expect(renamedWarnings(one, [entry(role('A'), 'a', 'set/prod'), entry(role('A'), 'b')])).toEqual([]);
  });

  test('if the whole account is named otherwise', () => {
    const [warning] = renamedWarnings(entry(role('A'), 'a'), [entry(account, 'acct', 'cluster/own')]);
    expect(warning?.message).toMatch(/it is a \(of/);
  });
});
