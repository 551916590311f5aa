import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arnKey, permissionSetOf, principalKey, principalKind } from '../../../lib/records/principal.ts';
import type { Principal } from '../../../lib/records/principal.ts';

const account = '111122223333';
const role = { arn: `arn:aws:iam::${account}:role/team/blue/Dev` };
const permissionSet = { permissionSet: { accountId: account, name: 'Admin_RO' } };

describe('the key of a principal', () => {
  test.each<[Principal, string, string]>([
    [role, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:role/Dev` }, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws-cn:iam::${account}:role/a//b/Dev` }, 'arn', `arn:aws-cn:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:user/eng/Alice` }, 'arn', `arn:aws:iam::${account}:user/eng/alice`],
    [{ arn: `arn:aws:iam::${account}:root` }, 'arn', `arn:aws:iam::${account}:root`],
    [
      { arn: `arn:aws:sts::${account}:federated-user/Bob` },
      'arn',
      `arn:aws:sts::${account}:federated-user/bob`,
    ],
    [permissionSet, 'permission-set', `permission-set/aws/${account}/admin_ro`],
    [
      { permissionSet: { accountId: account, name: 'Admin', partition: 'aws-us-gov' } },
      'permission-set',
      `permission-set/aws-us-gov/${account}/admin`,
    ],
    [{ accountId: account }, 'account', `account/aws/${account}`],
    [{ accountId: account, partition: 'aws-cn' }, 'account', `account/aws-cn/${account}`],
  ])('of %j is of kind %s: %s', (principal, kind, key) => {
    expect(principalKey(principal)).toBe(key);
    expect(principalKind(principal)).toBe(kind);
  });

  test.each([`xarn:aws:iam::${account}:role/a/b`, `arn:aws:iam::${account}:role/a/b/`])(
    'keeps a path in a text that is not the ARN of a role: %s',
    (text) => {
      expect(arnKey(text)).toBe(text);
    },
  );

  test('is its own key', () => {
    const path = fc.stringMatching(/^(?:[!-.0-~]{1,8}\/){0,3}[\w+=,.@-]{1,8}$/);
    fc.assert(
      fc.property(fc.constantFrom('role', 'user'), path, (kind, name) => {
        const key = arnKey(`arn:aws:iam::${account}:${kind}/${name}`);
        expect(arnKey(key)).toBe(key);
      }),
    );
  });
});

test('permissionSetOf returns the whole permission set, only if the whole role name matches', () => {
  const hex = '0123456789abcdef';
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}`)).toBe('Admin');
  expect(permissionSetOf(`AWSReservedSSO_Admin_Read_Only_${hex}`)).toBe('Admin_Read_Only');
  expect(permissionSetOf(`AWSReservedSSO__${hex}`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}\n`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex.slice(1)}`)).toBeUndefined();
});
