/** The stand-in for AWS IAM: the three reads that Countersign and its operators use. */
import { nameKey } from '../service/accounts.ts';
import { answered, validationError } from '../service/answer.ts';
import type { Operation, Service } from '../service/service.ts';
import { allowedAccount, noSuchEntity, readName } from './access.ts';
import { describeUser } from './describe.ts';
import { getGroup } from './get-group.ts';
import { getRole } from './get-role.ts';

/** Returns a user by name, or the caller if the request has no name. */
const getUser: Operation = (call) => {
  if (!call.parameters.has('UserName')) {
    return call.caller.kind === 'user'
      ? answered({ User: describeUser(call.caller.user) })
      : validationError('Must specify userName when calling with non-User credentials');
  }
  const name = readName(call, 'UserName');
  if (!name.ok) return name;
  const account = allowedAccount(call, 'iam:GetUser', `user ${name.value}`);
  if (!account.ok) return account;
  const user = call.accounts.userByName.get(nameKey(account.value, name.value));
  return user === undefined ? noSuchEntity('user', name.value) : answered({ User: describeUser(user) });
};

export const iam: Service = {
  name: 'iam',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  speaksJson: false,
  operations: new Map([
    ['GetGroup', getGroup],
    ['GetUser', getUser],
    ['GetRole', getRole],
  ]),
};
