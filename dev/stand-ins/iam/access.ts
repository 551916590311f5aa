import { answered, refused, validationError, type Answered } from '../service/answer.ts';
import type { Call } from '../service/service.ts';
import { callerArn, entityOf, type IamAction } from '../service/accounts.ts';

/** The caller's own account, if the caller's policies allow the action. No caller reads another account. */
export function allowedAccount(call: Call, action: IamAction, resource: string): Answered<string> {
  const { accountId, allow } = entityOf(call.caller);
  return allow.includes(action) ? answered(accountId) : accessDenied(call, action, resource);
}

export const accessDenied = ({ caller }: Call, action: IamAction, resource: string): Answered<never> =>
  refused(
    403,
    'AccessDenied',
    `User: ${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );

export const noSuchEntity = (kind: string, name: string): Answered<never> =>
  refused(404, 'NoSuchEntity', `The ${kind} with name ${name} cannot be found.`);

/** The name in a parameter, if IAM's rules for names allow it. */
export function readName({ parameters }: Call, parameter: string): Answered<string> {
  const name = parameters.get(parameter);
  if (name !== undefined && /^[\w+=,.@-]{1,128}$/.test(name)) return answered(name);
  const member = `${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}`;
  return validationError(
    `Value ${name === undefined ? 'null' : `'${name}'`} at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{1,128}`,
  );
}
