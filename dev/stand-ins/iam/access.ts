import { answered, refused, validationError, type Answered } from '../error.ts';
import type { Call } from '../service.ts';
import { callerArn, entityOf, type IamAction } from '../world.ts';

/** The caller's own account, where the caller's policies allow the action there. Nobody reads another account. */
export function allowedAccount(call: Call, action: IamAction, resource: string): Answered<string> {
  const { accountId, allow } = entityOf(call.caller);
  return allow.includes(action) ? answered(accountId) : accessDenied(call, action, resource);
}

export const accessDenied = (
  { caller }: Call,
  action: IamAction,
  resource: string,
): { readonly ok: false; readonly error: { status: 403; code: string; message: string } } => ({
  ok: false,
  error: {
    status: 403,
    code: 'AccessDenied',
    message: `User: ${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  },
});

export const noSuchEntity = (kind: string, name: string): Answered<never> =>
  refused(404, 'NoSuchEntity', `The ${kind} with name ${name} cannot be found.`);

/** A name that IAM could have given. */
export function readName({ parameters }: Call, parameter: string): Answered<string> {
  const name = parameters.get(parameter);
  if (name !== undefined && /^[\w+=,.@-]{1,128}$/.test(name)) return answered(name);
  const member = `${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}`;
  return validationError(
    `Value ${name === undefined ? 'null' : `'${name}'`} at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{1,128}`,
  );
}
