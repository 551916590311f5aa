import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callerFromArn } from '../../../lib/identity/caller-identity.ts';
import {
  denialKeyOf,
  denialKeysOf,
  mappingKeyOf,
  mappingKeysOf,
  permissionSetOf,
  principalKind,
  sessionKey,
} from '../../../lib/records/principal.ts';
import type { Principal } from '../../../lib/records/principal.ts';

const account = '111122223333';
const role = { arn: `arn:aws:iam::${account}:role/team/blue/Dev` };
const permissionSet = { permissionSet: { accountId: account, name: 'Admin_RO' } };
const federated = (name: string): string => `arn:aws:sts::${account}:federated-user/${name}`;

describe('the key of a principal', () => {
  test.each<[Principal, string, string]>([
    [role, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:role/Dev` }, 'arn', `arn:aws:iam::${account}:role/dev`],
    [{ arn: `arn:aws-cn:iam::${account}:role/a//b/Dev` }, 'arn', `arn:aws-cn:iam::${account}:role/dev`],
    [{ arn: `arn:aws:iam::${account}:user/eng/Alice` }, 'arn', `arn:aws:iam::${account}:user/alice`],
    [{ arn: `arn:aws:iam::${account}:user/a//b#c/Alice` }, 'arn', `arn:aws:iam::${account}:user/alice`],
    [{ arn: `arn:aws:iam::${account}:user/Alice` }, 'arn', `arn:aws:iam::${account}:user/alice`],
    [{ arn: `arn:aws:iam::${account}:root` }, 'arn', `arn:aws:iam::${account}:root`],
    [permissionSet, 'permission-set', `permission-set/aws/${account}/admin_ro`],
    [
      { permissionSet: { accountId: account, name: 'Admin', partition: 'aws-us-gov' } },
      'permission-set',
      `permission-set/aws-us-gov/${account}/admin`,
    ],
    [{ accountId: account }, 'account', `account/aws/${account}`],
    [{ accountId: account, partition: 'aws-cn' }, 'account', `account/aws-cn/${account}`],
  ])('of %j is of kind %s, for mappings and denials alike: %s', (principal, kind, key) => {
    expect(mappingKeyOf(principal)).toBe(key);
    expect(denialKeyOf(principal)).toBe(key);
    expect(principalKind(principal)).toBe(kind);
  });

  test('of a federated user keeps the case of the name for mappings, and not for denials', () => {
    expect(mappingKeyOf({ arn: federated('Bob') })).toBe(federated('Bob'));
    expect(mappingKeyOf({ arn: federated('bob') })).toBe(federated('bob'));
    expect(denialKeyOf({ arn: federated('Bob') })).toBe(federated('bob'));
  });

  test.each([`xarn:aws:iam::${account}:role/a/b`, `arn:aws:iam::${account}:user/a/b/`])(
    'keeps a path in a text that is not the ARN of a role or a user: %s',
    (arn) => {
      expect(mappingKeyOf({ arn })).toBe(arn);
      expect(denialKeyOf({ arn })).toBe(arn);
    },
  );

  test('is its own key', () => {
    const path = fc.stringMatching(/^(?:[!-.0-~]{1,8}\/){0,3}[\w+=,.@-]{1,8}$/);
    fc.assert(
      fc.property(fc.constantFrom('role', 'user'), path, (kind, name) => {
        const principal = { arn: `arn:aws:iam::${account}:${kind}/${name}` };
        for (const keyOf of [mappingKeyOf, denialKeyOf]) {
          expect(keyOf({ arn: keyOf(principal) })).toBe(keyOf(principal));
        }
      }),
    );
  });
});

describe('the keys of a caller', () => {
  const arns = [
    `arn:aws:iam::${account}:user/eng/Alice`,
    `arn:aws:sts::${account}:assumed-role/Dev/Ann`,
    `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/Ann`,
    `arn:aws:iam::${account}:root`,
    federated('Bob'),
  ];
  const keysOf = (arn: string) => {
    const caller = callerFromArn(arn)!;
    return {
      mapping: mappingKeysOf(caller).map(({ key }) => key),
      denial: denialKeysOf(caller).map(({ key }) => key),
    };
  };

  test.each(arns)('of %s hold its own as an entry of it has it', (arn) => {
    const principal = { arn: callerFromArn(arn)!.canonicalArn };
    expect(keysOf(arn).mapping[0]).toBe(mappingKeyOf(principal));
    expect(keysOf(arn).denial[0]).toBe(denialKeyOf(principal));
  });

  test('of a role of a permission set in another case hold the permission set in denials, not in mappings', () => {
    const keys = keysOf(`arn:aws:sts::${account}:assumed-role/awsreservedsso_ADMIN_0123456789ABCDEF/Ann`);
    expect(keys.denial).toContain(`permission-set/aws/${account}/admin`);
    expect(keys.mapping).not.toContain(`permission-set/aws/${account}/admin`);
  });

  test('of a federated user are its own only, in mappings, and its account too in denials', () => {
    expect(keysOf(federated('Bob'))).toEqual({
      mapping: [federated('Bob')],
      denial: [federated('bob'), `account/aws/${account}`],
    });
  });
});

test('session names have one key whatever their case', () => {
  expect(sessionKey('Ann@Example.com')).toBe('ann@example.com');
});

test('permissionSetOf returns the whole permission set, only if the whole role name matches', () => {
  const hex = '0123456789abcdef';
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}`)).toBe('Admin');
  expect(permissionSetOf(`AWSReservedSSO_Admin_Read_Only_${hex}`)).toBe('Admin_Read_Only');
  expect(permissionSetOf(`AWSReservedSSO__${hex}`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex}\n`)).toBeUndefined();
  expect(permissionSetOf(`AWSReservedSSO_Admin_${hex.slice(1)}`)).toBeUndefined();
});
