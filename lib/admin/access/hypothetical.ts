/**
 * Synthetic callers for previewing reviews; values that only a real token supplies are their own placeholders. Names are
 * rendered in one pass, so a value `{{SessionName}}` is not rendered again.
 */
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import type { Instance } from '../../resolve/instance.ts';
import { allowedProfiles } from '../../resolve/instance.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { PermissionSet, Principal } from '../../records/principal.ts';
import { callerFromArn } from '../../identity/caller-identity.ts';

/** A part of a principal's callers: the roles or the users of an account, the sessions of a role that are EC2 instances. */
export type Callers = 'roles' | 'users' | 'ec2-instances';

/** Contains an `@`, which the placeholder SessionName replaces by a hyphen and SessionNameRaw keeps: that distinguishes them. */
const anySession = '{{Session@}}';
const anyAccessKey = '{{AccessKeyID}}';
const anyRole = '{{RoleName}}';
const anyUser = '{{UserName}}';
const anyInstance = 'i-00000000000000000';
const anySuffix = '0'.repeat(16);

/** An example caller of a principal. `undefined` if the principal is no valid ARN, or has no such callers. */
export function exampleCaller(
  principal: Principal,
  principalId: string | undefined,
  callers: Callers | undefined,
): CallerIdentity | undefined {
  const sessionName = callers === 'ec2-instances' ? anyInstance : anySession;
  const details = { principalId, sessionName, accessKeyId: anyAccessKey };
  if (principal.arn !== undefined) return callerFromArn(principal.arn, details);
  if (principal.permissionSet !== undefined)
    return roleNamed(reservedRole(principal.permissionSet), principal.permissionSet, details);
  return callers === 'users' ? userNamed(principal, details) : roleNamed(anyRole, principal, details);
}

interface Details {
  readonly principalId: string | undefined;
  readonly sessionName: string;
  readonly accessKeyId: string;
}

type Account = Pick<PermissionSet, 'accountId' | 'partition'>;

const reservedRole = ({ name }: PermissionSet): string => `AWSReservedSSO_${name}_${anySuffix}`;

const roleNamed = (roleName: string, account: Account, details: Details): CallerIdentity => ({
  ...common(account, `role/${roleName}`, details),
  principal: { kind: 'role', roleName, sessionName: details.sessionName },
  sessionName: details.sessionName,
});

const userNamed = (account: Account, details: Details): CallerIdentity => ({
  ...common(account, `user/${anyUser}`, details),
  principal: { kind: 'user', userName: anyUser, path: '/' },
  sessionName: undefined,
});

function common(
  { accountId, partition = 'aws' }: Account,
  resource: string,
  { principalId, accessKeyId }: Details,
): Omit<CallerIdentity, 'principal' | 'sessionName'> {
  const arn = `arn:${partition}:iam::${accountId}:${resource}`;
  return { arn, canonicalArn: arn, partition, accountId, principalId, accessKeyId };
}

/** A running instance with the first instance profile that the mapping allows. */
export const exampleInstance = (mapping: Mapping, identity: CallerIdentity): Instance => ({
  instanceId: identity.sessionName ?? anyInstance,
  accountId: identity.accountId,
  state: 'running',
  instanceProfileArn: allowedProfiles(mapping, identity)[0],
  privateDnsName: '{{EC2PrivateDNSName}}',
});

/** Replaces every synthetic value in a rendered name by its placeholder. */
export const withPlaceholders = (text: string): string =>
  text
    .replaceAll('{{Session-}}', '{{SessionName}}')
    .replaceAll(anySession, '{{SessionNameRaw}}')
    .replaceAll(anyInstance, '{{SessionName}}')
    .replaceAll(/AWSReservedSSO_[\w+=,.@-]{1,32}?_0{16}/g, anyRole);
