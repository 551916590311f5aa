import { describe, expect, test } from 'vitest';
import { broken } from '../../../lib/errors.ts';
import { callerFromArn, parseCallerIdentity } from '../../../lib/identity/caller-identity.ts';

const Account = '111122223333';
const asked = { partition: 'aws', accessKeyId: 'AKIADEMOALICE0000001' } as const;

const answer = (result: Record<string, unknown>, around: Record<string, unknown> = {}): unknown => ({
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: result,
    ResponseMetadata: { RequestId: '01234567-89ab-cdef-0123-456789abcdef' },
    ...around,
  },
});
const alice = { Account, Arn: `arn:aws:iam::${Account}:user/dev/alice`, UserId: 'AIDADEMOALICE00000001' };
const session = {
  Account,
  Arn: `arn:aws:sts::${Account}:assumed-role/Admin/bob@example.com`,
  UserId: 'AROADEMOADMIN00000001:bob@example.com',
};
const federated = { Account, Arn: `arn:aws:sts::${Account}:federated-user/Bob`, UserId: `${Account}:Bob` };
const root = { Account, Arn: `arn:aws:iam::${Account}:root`, UserId: Account };

describe('parseCallerIdentity', () => {
  test.each([
    [
      'a user, with the path',
      alice,
      {
        canonicalArn: alice.Arn,
        principal: { kind: 'user', userName: 'alice', path: '/dev/' },
        principalId: 'AIDADEMOALICE00000001',
        sessionName: undefined,
      },
    ],
    [
      'a session of a role',
      session,
      {
        canonicalArn: `arn:aws:iam::${Account}:role/Admin`,
        principal: { kind: 'role', roleName: 'Admin', sessionName: 'bob@example.com' },
        principalId: 'AROADEMOADMIN00000001',
        sessionName: 'bob@example.com',
      },
    ],
    [
      'a federated user',
      federated,
      {
        canonicalArn: federated.Arn,
        principal: { kind: 'federated-user', name: 'Bob' },
        principalId: `${Account}:Bob`,
        sessionName: 'Bob',
      },
    ],
    [
      'root',
      root,
      { canonicalArn: root.Arn, principal: { kind: 'root' }, principalId: Account, sessionName: undefined },
    ],
  ])('the answer of STS for %s is parsed', (_, result, expected) => {
    expect(parseCallerIdentity(answer(result), asked)).toEqual({
      ok: true,
      value: { arn: result.Arn, accountId: Account, ...asked, ...expected },
    });
  });

  test('metadata that AWS may add is ignored', () => {
    const metadata = { RequestId: 'x', Region: 'us-east-1' };
    expect(parseCallerIdentity(answer(alice, { ResponseMetadata: metadata }), asked).ok).toBe(true);
  });
});

describe('an inconsistent answer of STS', () => {
  test.each([
    ['the account is another one', { ...alice, Account: '444455556666' }, 'has an ARN of another account'],
    ['the account is not one', { ...alice, Account: '' }, 'has an ARN of another account'],
    [
      'the partition is another one',
      { ...alice, Arn: alice.Arn.replace('aws', 'aws-cn') },
      'has an ARN of another partition',
    ],
    ['the ARN is not one', { ...alice, Arn: 'alice' }, 'has an ARN of no known form'],
    [
      'the ARN is that of a group',
      { ...alice, Arn: `arn:aws:iam::${Account}:group/x` },
      'has an ARN of no known form',
    ],
    [
      'the ARN is that of a role',
      { ...session, Arn: `arn:aws:iam::${Account}:role/Admin` },
      'has the ARN of a role instead of a session',
    ],
  ])('identifies no caller: %s', (_, result, rule) => {
    expect(parseCallerIdentity(answer(result), asked)).toEqual(broken(rule));
  });

  test.each([
    [
      'a user',
      alice,
      [
        'AROADEMOALICE00000001',
        'aidademoalice00000001',
        'AIDA',
        'AIDADEMOALICE00000001:x',
        'AIDADEMOALI',
        'xAIDADEMOALICE00000001',
        'AIDADEMOALICE0000000a',
        `AIDA${'0'.repeat(125)}`,
        ' AIDADEMOALICE00000001',
        Account,
        '',
      ],
    ],
    [
      'a session',
      session,
      [
        'AROADEMOADMIN00000001:bob',
        'AROADEMOADMIN00000001',
        'AIDADEMOADMIN00000001:bob@example.com',
        'AROADEMOADMIN00000001:BOB@example.com',
        'AROADEMOADMIN00000001:x:bob@example.com',
        'AROA:bob@example.com',
        'AROADEMOADM:bob@example.com',
        'xAROADEMOADMIN00000001:bob@example.com',
        'AROADEMOADMIN0000000a:bob@example.com',
        `AROA${'0'.repeat(125)}:bob@example.com`,
        ':bob@example.com',
        '',
      ],
    ],
    [
      'a federated user',
      federated,
      [Account, '444455556666:Bob', `${Account}:bob`, 'AIDADEMOALICE00000001', ''],
    ],
    ['root', root, ['444455556666', `${Account}:root`, 'AIDADEMOALICE00000001', '']],
  ])('identifies no caller: the user id is not that of %s', (_, result, userIds) => {
    for (const UserId of userIds) {
      expect(parseCallerIdentity(answer({ ...result, UserId }), asked)).toEqual(
        broken('has a user id that does not belong to its ARN'),
      );
    }
  });

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['an array', [answer(alice)]],
    ['a string', 'alice'],
    ['an empty object', {}],
    ['an error', { Error: { Code: 'ExpiredToken' } }],
    ['the bare result', alice],
    ['the result one level up', { GetCallerIdentityResult: alice }],
    ['an identity beside the answer', { ...(answer(alice) as object), GetCallerIdentityResult: root }],
    ['a field too many in the result', answer({ ...alice, Extra: 'x' })],
    ['a field too many around it', answer(alice, { Extra: {} })],
    ['no metadata', { GetCallerIdentityResponse: { GetCallerIdentityResult: alice } }],
    ['metadata without a request id', answer(alice, { ResponseMetadata: {} })],
    ['a request id that is a number', answer(alice, { ResponseMetadata: { RequestId: 7 } })],
    ['metadata that are a text', answer(alice, { ResponseMetadata: 'x' })],
    ['no account', answer({ Arn: alice.Arn, UserId: alice.UserId })],
    ['no ARN', answer({ Account, UserId: alice.UserId })],
    ['no user id', answer({ Account, Arn: alice.Arn })],
    ['an account that is a number', answer({ ...alice, Account: 111_122_223_333 })],
    ['an ARN that is an array', answer({ ...alice, Arn: [alice.Arn] })],
    ['names in lower case', answer({ account: Account, arn: alice.Arn, userId: alice.UserId })],
    ['several results', answer([alice] as unknown as Record<string, unknown>)],
  ])('identifies no caller: the shape is wrong, %s', (_, value) => {
    expect(parseCallerIdentity(value, asked)).toEqual(broken('does not have the shape of GetCallerIdentity'));
  });
});

describe('callerFromArn', () => {
  test('a role with a path is parsed, and completed by the details', () => {
    const arn = `arn:aws-cn:iam::${Account}:role/team/Admin`;
    const details = {
      principalId: 'AROADEMOADMIN00000001',
      sessionName: 'alice',
      accessKeyId: 'ASIADEMOADMIN0000001',
    };
    expect(callerFromArn(arn, details)).toEqual({
      arn,
      canonicalArn: `arn:aws-cn:iam::${Account}:role/Admin`,
      partition: 'aws-cn',
      accountId: Account,
      principal: { kind: 'role', roleName: 'Admin', sessionName: 'alice' },
      ...details,
    });
  });

  test('the session name of the ARN counts, not that of the details', () => {
    expect(callerFromArn(session.Arn, { sessionName: 'mallory' })).toMatchObject({
      sessionName: 'bob@example.com',
    });
  });

  test.each([
    [alice.Arn, undefined],
    [session.Arn, undefined],
    [root.Arn, Account],
    [federated.Arn, `${Account}:Bob`],
  ])('without details the caller %s has the unique id %j', (arn, principalId) => {
    expect(callerFromArn(arn)).toMatchObject({ arn, principalId, accessKeyId: undefined });
  });

  test('without details a role has no unique id, session or access key', () => {
    expect(callerFromArn(`arn:aws:iam::${Account}:role/Admin`)).toMatchObject({
      principal: { kind: 'role', roleName: 'Admin', sessionName: undefined },
      principalId: undefined,
      sessionName: undefined,
      accessKeyId: undefined,
    });
  });

  test('the ARN of no principal is refused', () => {
    expect(callerFromArn(`arn:aws:iam::${Account}:group/Developers`)).toBeUndefined();
  });
});
