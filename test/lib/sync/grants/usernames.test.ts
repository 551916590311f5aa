import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../../lib/records/scope.ts';
import {
  mayOverlap,
  renderForUser,
  UsernameClaims,
  type UsernameUse,
} from '../../../../lib/sync/grants/usernames.ts';

const use = (principalKey: string, fields: Partial<UsernameUse> = {}): UsernameUse => ({
  key: `cluster/prod ${principalKey}`,
  scope: 'cluster/prod',
  principalKey,
  principalId: `AIDA${principalKey}`,
  username: 'dev',
  ...fields,
});

describe('renderForUser', () => {
  const arn = 'arn:aws:iam::111122223333:user/eng/alice';

  test('renders the account and the name of the user', () => {
    expect(renderForUser('aws:{{AccountID}}:{{UserName}}', arn)).toBe('aws:111122223333:alice');
  });

  test.each([
    ['a template that does not parse', '{{Nope}}', arn],
    ['a template with a variable that users do not have', '{{RoleName}}', arn],
    ['the template of a principal that is no user', '{{UserName}}', 'arn:aws:iam::111122223333:role/dev'],
  ])('returns %s unchanged', (_what, template, principal) => {
    expect(renderForUser(template, principal)).toBe(template);
  });
});

describe('mayOverlap', () => {
  test.each<[Scope, Scope, boolean]>([
    ['cluster/a', 'cluster/a', true],
    ['cluster/a', 'cluster/b', false],
    ['cluster/a', 'set/x', true],
    ['set/x', 'set/y', true],
    ['cluster/a', 'all', true],
  ])('of %s and %s is %s, in either order', (a, b, expected) => {
    expect([mayOverlap(a, b), mayOverlap(b, a)]).toEqual([expected, expected]);
  });
});

describe('a claim of a username', () => {
  test('fails if another user holds the username', () => {
    expect(new UsernameClaims([use('alice')]).claim(use('bob'))).toBe(false);
  });

  test('succeeds once the grant of the holder is written in an earlier stage', () => {
    const claims = new UsernameClaims([use('alice')]);
    claims.release(use('alice').key);
    expect(claims.claim(use('bob'))).toBe(true);
  });

  test('fails if another user has claimed the username', () => {
    const claims = new UsernameClaims([]);
    expect([claims.claim(use('alice')), claims.claim(use('bob'))]).toEqual([true, false]);
  });

  test('fails for a user without a pin if another user without a pin holds the username', () => {
    const claims = new UsernameClaims([use('alice', { principalId: undefined })]);
    expect(claims.claim(use('bob', { principalId: undefined }))).toBe(false);
  });
});
