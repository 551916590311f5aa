import { answered } from '../service/answer.ts';
import type { Operation } from '../service/service.ts';
import type { Role } from '../service/accounts.ts';
import { allowedAccount, noSuchEntity, readName } from './access.ts';
import { describeEntity } from './describe.ts';

/** Returns a role by name, with its trust policy from the fixture's `trust`, `externalId` and `requireMfa`. */
export const getRole: Operation = (call) => {
  const name = readName(call, 'RoleName');
  if (!name.ok) return name;
  const account = allowedAccount(call, 'iam:GetRole', `role ${name.value}`);
  if (!account.ok) return account;
  const role = call.accounts.roles.find((one) => one.accountId === account.value && one.name === name.value);
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
