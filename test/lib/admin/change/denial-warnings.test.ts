import { expect, test } from 'vitest';
import { denialWarnings } from '../../../../lib/admin/change/denial-warnings.ts';
import type { KnownOfDenied } from '../../../../lib/admin/change/denial-warnings.ts';
import type { Denial } from '../../../../lib/records/denial.ts';

const of = (resource: string) => ({ arn: `arn:aws:iam::111122223333:${resource}` });
const permissionSet = { permissionSet: { accountId: '111122223333', name: 'Admin' } };
const reserved = of('role/AWSReservedSSO_Admin_0123456789abcdef');
const reason = 'left';
const userArn = of('user/u').arn;

const texts = (denial: Denial, known?: KnownOfDenied): string[] =>
  denialWarnings(denial, known).map(({ message }) => message);

test.each<[string, Denial, KnownOfDenied, string[]]>([
  ['a user', { principal: of('user/u'), reason }, {}, ['rename_stays_open', 'roles_stay_open']],
  [
    'a user whose unique id is denied',
    { principal: of('user/u'), reason },
    { otherHalf: true },
    ['roles_stay_open'],
  ],
  [
    'a user with a path',
    { principal: of('user/a/u'), reason },
    { otherHalf: true },
    ['roles_stay_open', 'path_stripped'],
  ],
  [
    'the unique id of a user',
    { principalId: 'AIDAEXAMPLE0000000001', reason },
    {},
    ['recreation_stays_open', 'roles_stay_open'],
  ],
  [
    'the unique id of a user who is denied by ARN',
    { principalId: 'AIDAEXAMPLE0000000001', userArn, reason },
    { otherHalf: true },
    ['roles_stay_open'],
  ],
  [
    'the unique id of a role',
    { principalId: 'AROAEXAMPLE0000000001', reason },
    {},
    ['recreation_stays_open', 'other_roles_stay_open'],
  ],
  ['a role', { principal: of('role/R'), reason }, {}, ['other_roles_stay_open']],
  [
    'a role with a path',
    { principal: of('role/a/R'), reason },
    {},
    ['other_roles_stay_open', 'path_stripped'],
  ],
  [
    'a session of a role',
    { principal: of('role/R'), sessionName: 'ann', reason },
    {},
    ['session_name_chosen', 'other_roles_stay_open'],
  ],
  [
    'a role of a permission set',
    { principal: reserved, reason },
    {},
    ['permission_set_role', 'other_roles_stay_open'],
  ],
  [
    'a session of a role of a permission set',
    { principal: reserved, sessionName: 'ann', reason },
    {},
    ['permission_set_role', 'session_name_observed', 'other_roles_stay_open'],
  ],
  ['a permission set', { principal: permissionSet, reason }, {}, ['other_roles_stay_open']],
  [
    'a session of a permission set',
    { principal: permissionSet, sessionName: 'ann', reason },
    {},
    ['session_name_observed', 'other_roles_stay_open'],
  ],
  ['an account', { principal: { accountId: '111122223333' }, reason }, {}, ['other_accounts_stay_open']],
  ['a root user', { principal: of('root'), reason }, {}, ['account_stays_open']],
  [
    'a federated user',
    { principal: { arn: 'arn:aws:sts::111122223333:federated-user/f' }, reason },
    {},
    ['federated_name_chosen'],
  ],
  ['a lasting access key', { accessKeyId: 'AKIAEXAMPLE000000001', reason }, {}, ['key_gives_other_keys']],
  [
    'the access key of a session',
    { accessKeyId: 'ASIAEXAMPLE000000001', reason },
    {},
    ['key_of_one_session'],
  ],
])('the warnings of a denial of %s name every way that it leaves open', (_name, denial, known, expected) => {
  const warnings = denialWarnings(denial, known);
  expect(warnings.map(({ code }) => code)).toEqual(expected);
  for (const { code, message } of warnings) expect(message).toMatch(new RegExp(`^${code}: .{40,}`, 's'));
});

test('the warnings of a denial name what to deny instead', () => {
  expect(texts({ principal: of('user/dave'), reason })[0]).toContain(
    'aws iam get-user --user-name dave --query User.UserId',
  );
  expect(texts({ accessKeyId: 'AKIAEXAMPLE000000001', reason })[0]).toContain(
    'aws iam get-access-key-last-used --access-key-id AKIAEXAMPLE000000001',
  );
  expect(texts({ principal: reserved, reason })[0]).toContain(
    '--permission-set Admin --account 111122223333',
  );
  const arn = 'arn:aws-us-gov:iam::111122223333:role/AWSReservedSSO_Admin_0123456789abcdef';
  expect(texts({ principal: { arn }, reason })[0]).toContain('--account 111122223333 --partition aws-us-gov');
  expect(texts({ principal: of('role/R'), sessionName: 'ann', reason })[0]).toContain('sts:RoleSessionName');
  expect(texts({ principalId: 'AIDAEXAMPLE0000000001', userArn, reason })[0]).toContain(userArn);
});

test('the warnings of a denial name the mapped principals that stay open: five, and how many more', () => {
  const denial = { principal: of('user/u'), reason };
  const stayOpen = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(texts(denial, { stayOpen, complete: true })[1]).toContain(
    'table knows: a, b, c, d, e and 2 more. Deny',
  );
  expect(texts(denial, { stayOpen: [], complete: true })[1]).toContain('table knows: none. Deny');
  expect(texts(denial, { stayOpen: ['a'], complete: false })[1]).toContain(
    'table knows: a (not all mappings were compared). Deny',
  );
});

test('a denial of an ARN that no release accepts has no warnings', () => {
  expect(texts({ principal: { arn: 'arn:aws:iam::1:user/x' }, reason })).toEqual([]);
  expect(texts({ principal: { arn: 'arn:aws:sts::111122223333:assumed-role/R/s' }, reason })).toEqual([]);
});
