import { answered } from '../error.ts';
import type { Operation } from '../service.ts';
import type { Role } from '../world.ts';
import { allowedAccount, noSuchEntity, readName } from './access.ts';
import { describeEntity } from './describe.ts';

/** A role by name, with the trust policy that a fixture's `trust`, `externalId` and `requireMfa` stand for. */
export const getRole: Operation = (call) => {
  const name = readName(call, 'RoleName');
  if (!name.ok) return name;
  const account = allowedAccount(call, 'iam:GetRole', `role ${name.value}`);
  if (!account.ok) return account;
  const role = call.world.roles.find((one) => one.accountId === account.value && one.name === name.value);
  if (role === undefined) return noSuchEntity('role', name.value);
  const document = encodeURIComponent(JSON.stringify(trustPolicy(role)));
  return answered({
    Role: {
      ...describeEntity(role, 'Role'),
      AssumeRolePolicyDocument: document,
      MaxSessionDuration: role.maxSessionSeconds,
    },
  });
};

function trustPolicy(role: Role): object {
  const condition = {
    ...(role.externalId !== undefined && { StringEquals: { 'sts:ExternalId': role.externalId } }),
    ...(role.requireMfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  };
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: role.trust },
    Action: 'sts:AssumeRole',
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
  return { Version: '2012-10-17', Statement: [statement] };
}
