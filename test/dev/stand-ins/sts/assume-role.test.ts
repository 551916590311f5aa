import { describe, expect, test } from 'vitest';
import { ask, credentialsIn, demoAccounts, keysOf, now, signed, type Keys } from '../../demo-accounts.ts';

const accounts = demoAccounts();
const alice = keysOf(accounts, 'alice');
const carol = keysOf(accounts, 'carol');
const build = keysOf(accounts, 'build');
const minute = 60_000;

const whoAmI = { Action: 'GetCallerIdentity' };
const admin = 'arn:aws:iam::111122223333:role/KubernetesAdmin';
const assume = (role: string, more: Record<string, string> = {}) => ({
  Action: 'AssumeRole',
  RoleArn: role,
  RoleSessionName: 'demo',
  ...more,
});

describe('AssumeRole of the stand-in for STS', () => {
  const session = credentialsIn(ask(accounts, signed(assume(admin), alice)));
  const whoIs = (keys: Keys, at = now) =>
    ask(accounts, signed(whoAmI, keys, { presigned: true, at }), 'sts', at);

  test('returns keys of the session that GetCallerIdentity reports', () => {
    expect(session.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const answer = whoIs(session);
    expect([answer.text('Arn'), answer.text('UserId')]).toStrictEqual([
      'arn:aws:sts::111122223333:assumed-role/KubernetesAdmin/demo',
      'AROADEMOKUBERNETESADM:demo',
    ]);
  });

  test('returns keys that expire after an hour', () => {
    expect(whoIs(session, now + 60 * minute - 1).status).toBe(200);
    const late = whoIs(session, now + 60 * minute);
    expect([late.status, late.text('Code')]).toStrictEqual([403, 'ExpiredToken']);
  });

  test.each([
    ['is missing', { ...session, sessionToken: undefined }, 'InvalidClientTokenId'],
    [
      'has a flipped byte',
      { ...session, sessionToken: `B${session.sessionToken!.slice(1)}` },
      'InvalidClientTokenId',
    ],
    ['belongs to another key', { ...session, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }, 'InvalidClientTokenId'],
    ['has the wrong secret beside it', { ...session, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ])('returns keys that are refused if the session token %s', (_, keys, code) => {
    expect(whoIs(keys).text('Code')).toBe(code);
  });

  test('returns keys that are refused once the role was recreated', () => {
    const remade = demoAccounts((aws) => {
      (aws.accounts[0] as { roles: { id: string }[] }).roles[0]!.id = 'AROADEMOKUBERNETES002';
    });
    expect(ask(remade, signed(whoAmI, session)).text('Code')).toBe('InvalidClientTokenId');
  });

  test('answers alike for a caller who is not trusted and a role that does not exist', () => {
    const mallory = keysOf(accounts, 'mallory');
    const missing = 'arn:aws:iam::111122223333:role/Missing';
    for (const answer of [
      ask(accounts, signed(assume(admin), mallory)),
      ask(accounts, signed(assume(missing), alice)),
    ]) {
      expect([answer.status, answer.text('Code')]).toStrictEqual([403, 'AccessDenied']);
    }
  });

  test('trusts every user of an account whose root is trusted', () => {
    const analyst = assume('arn:aws:iam::444455556666:role/Analyst');
    expect(ask(accounts, signed(analyst, keysOf(accounts, 'erin'))).status).toBe(200);
    expect(ask(accounts, signed(analyst, alice)).status).toBe(403);
  });

  test.each([
    ['the right one', { ExternalId: 'deploy-from-ci' }, 200],
    ['a wrong one', { ExternalId: 'another' }, 403],
    ['missing', {}, 403],
  ])('requires the external id: with %s, the status is %i', (_, more, status) => {
    const deployer = 'arn:aws:iam::111122223333:role/automation/Deployer';
    expect(ask(accounts, signed(assume(deployer, more), build)).status).toBe(status);
  });

  test.each([
    ['right', { SerialNumber: 'arn:aws:iam::111122223333:mfa/carol', TokenCode: '123456' }, 200],
    ['a wrong code', { SerialNumber: 'arn:aws:iam::111122223333:mfa/carol', TokenCode: '654321' }, 403],
    ['another device', { SerialNumber: 'arn:aws:iam::111122223333:mfa/alice', TokenCode: '123456' }, 403],
    ['missing', {}, 403],
  ])('requires the second factor: with %s, the status is %i', (_, more, status) => {
    expect(
      ask(accounts, signed(assume('arn:aws:iam::111122223333:role/BreakGlass', more), carol)).status,
    ).toBe(status);
  });

  test.each([
    ['a session name with a space', { RoleSessionName: 'a b' }],
    ['a session name of one letter', { RoleSessionName: 'a' }],
    ['14 minutes', { DurationSeconds: '840' }],
    ['longer than the role allows', { DurationSeconds: '3601' }],
    ['an ARN of something else', { RoleArn: 'arn:aws:iam::111122223333:user/alice' }],
  ])('refuses %s as a ValidationError', (_, more) => {
    const answer = ask(accounts, signed(assume(admin, more), alice));
    expect([answer.status, answer.text('Code')]).toStrictEqual([400, 'ValidationError']);
  });

  test('pads the session token to the size in the fixture', () => {
    const large = demoAccounts((aws) => {
      Object.assign((aws.accounts[0] as { roles: object[] }).roles[0]!, { sessionTokenBytes: '4096' });
    });
    const keys = credentialsIn(ask(large, signed(assume(admin), alice)));
    expect(keys.sessionToken!.length).toBe(4096);
    expect(ask(large, signed(whoAmI, keys, { presigned: true })).status).toBe(200);
  });
});
