import type { Service } from '../service.ts';
import { getGroup } from './get-group.ts';
import { getRole } from './get-role.ts';
import { getUser } from './get-user.ts';

/** The stand-in for AWS IAM: the three reads that Countersign and its operators make. */
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
