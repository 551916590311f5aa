import { describe, expect, test } from 'vitest';
import { ask, demoAccounts, keysOf, signed, type Answer } from '../../demo-accounts.ts';

const accounts = demoAccounts();
const reader = keysOf(accounts, 'countersign');

describe('the stand-in for IAM', () => {
  const trusted = demoAccounts((aws) => {
    const { users } = aws.accounts[0] as { users: { name: string; allow?: string[] }[] };
    users.find(({ name }) => name === 'countersign')!.allow = ['iam:GetUser', 'iam:GetRole'];
  });
  const get = (parameters: Record<string, string>, keys = reader): Answer =>
    ask(trusted, signed(parameters, keys, { service: 'iam' }), 'iam');

  test('returns a user by GetUser and a role with its trust policy by GetRole', () => {
    expect(get({ Action: 'GetUser', UserName: 'carol' }).text('Arn')).toBe(
      'arn:aws:iam::111122223333:user/platform/carol',
    );
    const role = get({ Action: 'GetRole', RoleName: 'Deployer' });
    expect(role.text('RoleId')).toBe('AROADEMODEPLOYER00001');
    expect(JSON.parse(decodeURIComponent(role.text('AssumeRolePolicyDocument')!))).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': 'deploy-from-ci' } } }],
    });
  });

  test('returns the caller by GetUser without a name, without any permission', () => {
    expect(get({ Action: 'GetUser' }, keysOf(accounts, 'alice')).text('UserName')).toBe('alice');
  });

  test.each([
    [{ Action: 'GetUser', UserName: 'nobody' }, 404, 'NoSuchEntity'],
    [{ Action: 'GetRole', RoleName: 'nobody' }, 404, 'NoSuchEntity'],
    [{ Action: 'ListUsers' }, 400, 'InvalidAction'],
  ] as const)('refuses %o with %i %s', (parameters, status, code) => {
    const answer = get(parameters);
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, code]);
  });
});
