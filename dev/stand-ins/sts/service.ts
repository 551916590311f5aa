/** The stand-in for AWS STS. */
import { callerArn, callerUserId, entityOf } from '../service/accounts.ts';
import { answered } from '../service/answer.ts';
import type { Operation, Service } from '../service/service.ts';
import { assumeRole } from './assume-role.ts';

/** Needs no permission: any valid signature will do. */
const getCallerIdentity: Operation = ({ caller }) =>
  answered({
    Arn: callerArn(caller),
    UserId: callerUserId(caller),
    Account: entityOf(caller).accountId,
  });

export const sts: Service = {
  name: 'sts',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  speaksJson: true,
  operations: new Map([
    ['GetCallerIdentity', getCallerIdentity],
    ['AssumeRole', assumeRole],
  ]),
};
