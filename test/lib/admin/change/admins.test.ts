import { describe, expect, test } from 'vitest';
import { parseAdmins } from '../../../../lib/admin/change/admins.ts';
import type { Role } from '../../../../lib/admin/change/admins.ts';

const account = '111122223333';
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const session = (name: string, who = 'alice'): string =>
  `arn:aws:sts::${account}:assumed-role/${name}/${who}`;

function roleOf(setting: Readonly<Record<string, unknown>>, caller: string): Role | undefined {
  const parsed = parseAdmins(JSON.stringify(setting));
  if (!parsed.ok) throw new Error(parsed.failure.join('; '));
  return parsed.value.roleOf(caller);
}
const problems = (setting: unknown): readonly string[] => {
  const parsed = parseAdmins(typeof setting === 'string' ? setting : JSON.stringify(setting));
  return parsed.ok ? [] : parsed.failure;
};

describe('the role of a caller in COUNTERSIGN_ADMINS', () => {
  const sso = `AWSReservedSSO_Platform_0123456789abcdef`;
  test.each<[string, Readonly<Record<string, unknown>>, string, Role['name'] | undefined]>([
    ['a session of a role', { [role('Admin')]: 'admin' }, session('Admin'), 'admin'],
    [
      'a role with a path, as IAM prints it',
      { [role('platform/Admin')]: 'admin' },
      session('Admin'),
      'admin',
    ],
    ['a role in another case', { [role('admin')]: 'auditor' }, session('Admin'), 'auditor'],
    [
      'another account',
      { [role('Admin')]: 'admin' },
      session('Admin').replace(account, '444455556666'),
      undefined,
    ],
    [
      'another partition',
      { [role('Admin')]: 'admin' },
      session('Admin').replace('arn:aws:', 'arn:aws-cn:'),
      undefined,
    ],
    ['a longer name', { [role('Admin')]: 'admin' }, session('Admin2'), undefined],
    ['a session named like the role', { [role('Admin')]: 'admin' }, session('Other', 'Admin'), undefined],
    [
      'a user',
      { [`arn:aws:iam::${account}:user/ci/bot`]: 'admin' },
      `arn:aws:iam::${account}:user/ci/bot`,
      'admin',
    ],
    [
      'a user on another path',
      { [`arn:aws:iam::${account}:user/bot`]: 'admin' },
      `arn:aws:iam::${account}:user/ci/bot`,
      'admin',
    ],
    [
      'a federated user',
      { [`arn:aws:sts::${account}:federated-user/Bot`]: 'admin' },
      `arn:aws:sts::${account}:federated-user/Bot`,
      'admin',
    ],
    [
      'a federated user in another case',
      { [`arn:aws:sts::${account}:federated-user/bot`]: 'admin' },
      `arn:aws:sts::${account}:federated-user/BOT`,
      undefined,
    ],
    ['a permission set', { [`permission-set/${account}/Platform`]: 'admin' }, session(sso), 'admin'],
    [
      'a permission set of a partition',
      { [`permission-set/aws/${account}/Platform`]: 'admin' },
      session(sso),
      'admin',
    ],
    [
      'a role that only looks like it',
      { [`permission-set/${account}/Platform`]: 'admin' },
      session('AWSReservedSSO_Platform_Read_0123456789abcdef'),
      undefined,
    ],
    [
      'the ARN before the permission set',
      { [`permission-set/${account}/Platform`]: 'admin', [role(sso)]: 'auditor' },
      session(sso),
      'auditor',
    ],
    ['no ARN at all', { [role('Admin')]: 'admin' }, 'dev', undefined],
    ['nobody', {}, session('Admin'), undefined],
  ])('is found or not by the right principal: %s', (_name, setting, caller, expected) => {
    expect(roleOf(setting, caller)?.name).toBe(expected);
  });

  test('of operator has the scopes of the setting', () => {
    expect(roleOf({ [role('Op')]: { operator: ['cluster/a', 'cluster/b'] } }, session('Op'))).toEqual({
      name: 'operator',
      scopes: ['cluster/a', 'cluster/b'],
    });
  });
});

describe('the setting COUNTERSIGN_ADMINS', () => {
  test.each<[string, unknown, RegExp]>([
    ['a text that is not JSON', '{', /not a JSON object/],
    ['a list', [], /not a JSON object/],
    [
      'one principal twice',
      `{"${role('A')}": "auditor", "${role('A')}": "admin"}`,
      /role\/A is written twice$/,
    ],
    ['a field of a role twice', `{"${role('A')}": {"operator": ["cluster/a"], "operator": []}}`, /twice$/],
    ['an unknown role', { [role('A')]: 'root' }, /must be "admin"/],
    ['an operator without scopes', { [role('A')]: { operator: [] } }, /must be "admin"/],
    ['an operator of a set', { [role('A')]: { operator: ['set/prod'] } }, /only admins write in sets/],
    ['an operator of scope all', { [role('A')]: { operator: ['all'] } }, /only admins write/],
    [
      'an operator with another field',
      { [role('A')]: { operator: ['cluster/a'], admin: true } },
      /must be "admin"/,
    ],
    ['the ARN of a session', { [session('A')]: 'admin' }, /is not the ARN/],
    ['an account id', { [account]: 'admin' }, /is not the ARN/],
    ['an ARN with a wildcard', { [role('*')]: 'admin' }, /is not the ARN/],
    ['one principal in two spellings', { [role('A')]: 'admin', [role('x/a')]: 'auditor' }, /twice/],
  ])('is refused with %s', (_name, setting, expected) => {
    expect(problems(setting)).toEqual([expect.stringMatching(expected)]);
  });

  test('is refused with every error at once', () => {
    expect(problems({ nobody: 'admin', [role('A')]: 'king' })).toHaveLength(2);
  });
});
