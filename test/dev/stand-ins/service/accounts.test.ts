import { expect, test } from 'vitest';
import { callerArn, callerUserId, entityOf } from '../../../../dev/stand-ins/service/accounts.ts';
import type { Role, User } from '../../../../dev/stand-ins/service/accounts.ts';

const entity = {
  accountId: '111122223333',
  partition: 'aws-cn',
  path: '/team/',
  allow: [],
  throttled: false,
} as const;
const user: User = {
  ...entity,
  kind: 'user',
  name: 'alice',
  id: 'AIDAEXAMPLE',
  arn: 'arn:aws-cn:iam::111122223333:user/team/alice',
  keys: [],
};
const role: Role = {
  ...entity,
  kind: 'role',
  name: 'Dev',
  id: 'AROAEXAMPLE',
  arn: 'arn:aws-cn:iam::111122223333:role/team/Dev',
  trust: [],
  requireMfa: false,
  maxSessionSeconds: 3600,
};

test('the ARN and the user id of a user are those of the entity, path included', () => {
  const caller = { kind: 'user', user, accessKeyId: 'AKIAEXAMPLE' } as const;
  expect([callerArn(caller), callerUserId(caller), entityOf(caller)]).toEqual([user.arn, user.id, user]);
});

test('the ARN of a session omits the path of its role, and both ids end in the session name', () => {
  const caller = { kind: 'session', role, sessionName: 'bob', accessKeyId: 'ASIAEXAMPLE' } as const;
  expect([callerArn(caller), callerUserId(caller), entityOf(caller)]).toEqual([
    'arn:aws-cn:sts::111122223333:assumed-role/Dev/bob',
    'AROAEXAMPLE:bob',
    role,
  ]);
});
