import { answered, validationError } from '../error.ts';
import type { Operation } from '../service.ts';
import { nameKey } from '../world.ts';
import { allowedAccount, noSuchEntity, readName } from './access.ts';
import { describeUser } from './describe.ts';

/** A user by name, or the caller where no name is given. */
export const getUser: Operation = (call) => {
  if (!call.parameters.has('UserName')) {
    return call.caller.kind === 'user'
      ? answered({ User: describeUser(call.caller.user) })
      : validationError('Must specify userName when calling with non-User credentials');
  }
  const name = readName(call, 'UserName');
  if (!name.ok) return name;
  const account = allowedAccount(call, 'iam:GetUser', `user ${name.value}`);
  if (!account.ok) return account;
  const user = call.world.userByName.get(nameKey(account.value, name.value));
  return user === undefined ? noSuchEntity('user', name.value) : answered({ User: describeUser(user) });
};
