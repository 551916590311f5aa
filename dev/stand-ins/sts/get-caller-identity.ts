import { answered } from '../error.ts';
import type { Operation } from '../service.ts';
import { callerArn, callerUserId, entityOf } from '../world.ts';

/** Needs no permission: who can sign may ask who they are. */
export const getCallerIdentity: Operation = ({ caller }) =>
  answered({
    Arn: callerArn(caller),
    UserId: callerUserId(caller),
    Account: entityOf(caller).accountId,
  });
