import { expect, test } from 'vitest';
import { denialRef } from '../../../lib/records/denial.ts';
import type { Denial } from '../../../lib/records/denial.ts';
import { formerDenialRef, formerMappingRef } from '../../../lib/records/former-keys.ts';
import { mappingRef } from '../../../lib/records/mapping.ts';
import type { Mapping } from '../../../lib/records/mapping.ts';
import type { Principal } from '../../../lib/records/principal.ts';

const account = '111122223333';
const arn = (resource: string, service = 'iam'): Principal => ({
  arn: `arn:aws:${service}::${account}:${resource}`,
});
const mapping = (principal: Principal): Mapping => ({
  scope: 'all',
  principal,
  owner: 'manual',
  username: 'x',
  groups: [],
});
const denial = (principal: Principal, sessionName?: string): Denial => ({
  principal,
  sessionName,
  reason: 'x',
});

test.each<[Principal, string]>([
  [arn('user/Eng/Alice'), `arn:aws:iam::${account}:user/eng/alice`],
  [arn('federated-user/Bob', 'sts'), `arn:aws:sts::${account}:federated-user/bob`],
])('the former key of a mapping of %j is another than that of today: %s', (principal, principalKey) => {
  expect(formerMappingRef(mapping(principal))).toEqual({ scope: 'all', principalKey, owner: 'manual' });
  expect(mappingRef(mapping(principal)).principalKey).not.toBe(principalKey);
});

test.each<Principal>([
  arn('user/Alice'),
  arn('role/team/Dev'),
  arn('root'),
  arn('federated-user/bob', 'sts'),
  { accountId: account },
  { permissionSet: { accountId: account, name: 'Admin' } },
])('the former key of a mapping of %j is that of today', (principal) => {
  expect(formerMappingRef(mapping(principal))).toEqual(mappingRef(mapping(principal)));
});

test('the former key of a denial holds the path of a user, and the case of a session name', () => {
  expect(formerDenialRef(denial(arn('user/Eng/Dave'))).principalKey).toBe(
    `arn:aws:iam::${account}:user/eng/dave`,
  );
  expect(formerDenialRef(denial(arn('role/team/Dev'), 'Ann'))).toEqual({
    principalKey: `arn:aws:iam::${account}:role/dev`,
    sessionKey: 'Ann',
  });
});

test.each<Denial>([
  denial(arn('user/Alice')),
  denial(arn('role/team/Dev'), 'ann'),
  denial(arn('federated-user/Bob', 'sts')),
  { principalId: 'AIDAEXAMPLE0000000001', reason: 'x' },
  { accessKeyId: 'AKIAEXAMPLE000000001', reason: 'x' },
])('the former key of the denial %j is that of today', (given) => {
  expect(formerDenialRef(given)).toEqual(denialRef(given));
});
