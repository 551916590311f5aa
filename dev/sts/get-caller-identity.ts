import { answered } from '../aws/error.ts';
import type { Operation } from '../aws/service.ts';
import { callerArn, callerUserId, entityOf } from '../aws/world.ts';

/** Needs no permission: who can sign may ask who they are. */
export const getCallerIdentity: Operation = ({ caller }) =>
  answered({
    Arn: callerArn(caller),
    UserId: callerUserId(caller),
    Account: entityOf(caller).accountId,
  });
