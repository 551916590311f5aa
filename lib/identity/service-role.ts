/** Roles that AWS itself assumes for a caller, and that IAM does not know: no mapping can name them. */
import type { PartitionId } from './partitions.ts';

/** `aws:ec2-instance`: the instance identity role, which every EC2 instance has. No name of an IAM role holds a colon. */
const serviceRole = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/(aws:[a-z0-9-]{1,40})\/([\w+=,.@-]{2,64})$/;
const roleId = /^[A-Z0-9]{16,128}$/;

/**
 * The name of the role if all that STS reports agrees: partition, account, role and session. UserId is
 * `<account>:aws:ec2-instance:<instance id>`, or as for other sessions `<unique id>:<session>`. `undefined`: it disagrees, or is
 * no such role.
 */
export function parseServiceRole(
  reported: { readonly Account: string; readonly Arn: string; readonly UserId: string },
  asked: PartitionId,
): string | undefined {
  const { Account, Arn, UserId } = reported;
  const match = serviceRole.exec(Arn);
  if (match === null) return undefined;
  const [, partition, account, name, session] = match;
  if (partition !== asked || account !== Account) return undefined;
  const agrees =
    UserId === `${account}:${name}:${session}` ||
    (UserId.endsWith(`:${session}`) && roleId.test(UserId.slice(0, -`:${session}`.length)));
  return agrees ? name : undefined;
}
