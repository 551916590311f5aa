import { expect, test } from 'vitest';
import { nearDenial } from '../../../../lib/admin/access/near-denials.ts';
import { callerFromArn } from '../../../../lib/identity/caller-identity.ts';
import type { CallerDetails, CallerIdentity } from '../../../../lib/identity/caller-identity.ts';
import { denialId, denialRef } from '../../../../lib/records/denial.ts';
import type { Denial, StoredDenial } from '../../../../lib/records/denial.ts';

const account = '111122223333';
const iam = (resource: string, of = account, partition = 'aws') => `arn:${partition}:iam::${of}:${resource}`;
const sts = (resource: string) => `arn:aws:sts::${account}:${resource}`;
const sso = (suffix: string) => `AWSReservedSSO_Admin_${suffix.repeat(16)}`;
const [aida, other] = ['AIDAEXAMPLE0000000001', 'AIDAEXAMPLE0000000002'];

const caller = (arn: string, details: CallerDetails = {}): CallerIdentity => {
  const parsed = callerFromArn(arn, {
    principalId: 'AIDAEXAMPLE0000000009',
    accessKeyId: 'ASIAX',
    ...details,
  });
  if (parsed === undefined) throw new Error(arn);
  return parsed;
};
const stored = (denial: Denial): StoredDenial => {
  const ref = denialRef(denial);
  const bookkeeping = { version: 1, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
  return { ...denial, ...ref, ...bookkeeping, id: denialId(ref) };
};
const arn = (text: string, sessionName?: string): Denial => ({
  principal: { arn: text },
  sessionName,
  reason: 'r',
});
const set = (accountId: string, sessionName?: string): Denial => ({
  principal: { permissionSet: { accountId, name: 'Admin' } },
  sessionName,
  reason: 'r',
});
const dave = caller(iam('user/dave'));
const bob = caller(sts('assumed-role/Admin/bob'));
const ssoBob = caller(sts(`assumed-role/${sso('a')}/bob`));

test.each<[string, CallerIdentity, Denial, string | undefined]>([
  ['of the same user', dave, arn(iam('user/dave')), undefined],
  ['of another user', dave, arn(iam('user/erin')), undefined],
  ['of the user of that name in another account', dave, arn(iam('user/dave', '444455556666')), 'account'],
  [
    'of the user of that name in another partition',
    dave,
    arn(iam('user/DAVE', account, 'aws-cn')),
    'partition',
  ],
  ['of a role of that name', dave, arn(iam('role/dave')), 'kind'],
  ['of a federated user of that name', dave, arn(sts('federated-user/dave')), 'kind'],
  ['of another session of the role', bob, arn(iam('role/Admin'), 'alice'), 'session'],
  [
    'of a session, to a question about no session',
    caller(iam('role/Admin')),
    arn(iam('role/Admin'), 'bob'),
    'session',
  ],
  ['of the role', bob, arn(iam('role/Admin')), undefined],
  ['of a user with the name of the session', bob, arn(iam('user/bob')), 'person'],
  [
    'of a user with the name before the @',
    caller(sts('assumed-role/R/bob@example.com')),
    arn(iam('user/bob')),
    'person',
  ],
  [
    'of a user of another account with the name of the session',
    bob,
    arn(iam('user/bob', '444455556666')),
    undefined,
  ],
  ['of the account', bob, { principal: { accountId: account }, reason: 'r' }, undefined],
  ['of root', dave, arn(iam('root')), undefined],
  ['of a user, to root', caller(iam('root')), arn(iam('user/dave')), undefined],
  ['of a federated user', caller(sts('federated-user/f')), arn(iam('user/f')), 'kind'],
  ['of the permission set', ssoBob, set(account), undefined],
  ['of the permission set in another account', ssoBob, set('444455556666'), 'account'],
  ['of another session of the permission set', ssoBob, set(account, 'alice'), 'session'],
  ['of another role of the permission set', ssoBob, arn(iam(`role/${sso('b')}`)), 'permission-set'],
  [
    'of another session of the role of the permission set',
    ssoBob,
    arn(iam(`role/${sso('a')}`), 'alice'),
    'session',
  ],
  ['of a user, to a permission set', ssoBob, arn(iam('user/bob')), 'person'],
  ['of the caller by id', dave, { principalId: 'AIDAEXAMPLE0000000009', reason: 'r' }, undefined],
  [
    'of an id that the user had',
    dave,
    { principalId: aida, userArn: iam('user/dave'), reason: 'r' },
    'unique-id',
  ],
  [
    'of an id that another user had',
    dave,
    { principalId: aida, userArn: iam('user/erin'), reason: 'r' },
    undefined,
  ],
  ['of an id of an unknown user', dave, { principalId: aida, reason: 'r' }, undefined],
  ['of another key', dave, { accessKeyId: 'AKIAEXAMPLE000000001', reason: 'r' }, undefined],
])('a denial %s is a near miss as listed', (_name, who, denial, expected) => {
  expect(nearDenial(who, stored(denial))?.differs).toBe(expected);
});

const unknown = { principalId: undefined, accessKeyId: undefined };
test.each<[string, string, Denial, string | undefined]>([
  ['a key', iam('user/dave'), { accessKeyId: 'AKIAEXAMPLE000000001', reason: 'r' }, 'access-key'],
  ["a user's id", iam('user/dave'), { principalId: other, reason: 'r' }, 'unique-id'],
  [
    "that user's id",
    iam('user/dave'),
    { principalId: other, userArn: iam('user/dave'), reason: 'r' },
    'unique-id',
  ],
  [
    "another user's id",
    iam('user/dave'),
    { principalId: other, userArn: iam('user/erin'), reason: 'r' },
    undefined,
  ],
  ["a role's id", iam('user/dave'), { principalId: 'AROAEXAMPLE0000000001', reason: 'r' }, undefined],
  ["a role's id", iam('role/Admin'), { principalId: 'AROAEXAMPLE0000000001', reason: 'r' }, 'unique-id'],
  ["a user's id", iam('root'), { principalId: other, reason: 'r' }, undefined],
])(
  'a denial of %s would hold on a condition for %s, whose credentials are not known',
  (_name, who, denial, expected) => {
    expect(nearDenial(caller(who, unknown), stored(denial))?.differs).toBe(expected);
  },
);

test('a near miss of a denial names the condition on which the denial would hold', () => {
  expect(nearDenial(bob, stored(arn(iam('role/Admin'), 'alice')))?.detail).toBe(
    'This denial would hold if the session were named alice, and it is bob: deny the whole principal if the caller can choose the name.',
  );
});
