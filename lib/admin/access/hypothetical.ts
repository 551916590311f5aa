/**
 * Callers that do not exist, to ask the review's own code what it would answer: what only a token could tell stands
 * as its placeholder. One pass renders a name, so `{{SessionName}}` comes out as it is.
 */
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import type { Instance } from '../../resolve/instance.ts';
import { allowedProfiles } from '../../resolve/instance.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { PermissionSet, Principal } from '../../records/principal.ts';
import { callerFromArn } from '../../identity/caller-identity.ts';

/** Which of a principal's callers: an account has roles and users; a role's sessions are instances or others. */
export type Callers = 'roles' | 'users' | 'ec2-instances';

/** With an `@`, so that it shows which of the two placeholders was rendered: SessionName makes it a hyphen. */
const anySession = '{{Session@}}';
const anyAccessKey = '{{AccessKeyID}}';
const anyRole = '{{RoleName}}';
const anyUser = '{{UserName}}';
const anyInstance = 'i-00000000000000000';
const anySuffix = '0'.repeat(16);

/** Some caller of a principal. `undefined` where the principal is no valid ARN, or has no such callers. */
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

/** The instance that a mapping asks for, running, with the first profile that it takes. */
export const exampleInstance = (mapping: Mapping, identity: CallerIdentity): Instance => ({
  instanceId: identity.sessionName ?? anyInstance,
  accountId: identity.accountId,
  state: 'running',
  instanceProfileArn: allowedProfiles(mapping, identity)[0],
  privateDnsName: '{{EC2PrivateDNSName}}',
});

/** Rendered names with every stand-in spelled as the placeholder that it stands for. */
export const withPlaceholders = (text: string): string =>
  text
    .replaceAll('{{Session-}}', '{{SessionName}}')
    .replaceAll(anySession, '{{SessionNameRaw}}')
    .replaceAll(anyInstance, '{{SessionName}}')
    .replaceAll(/AWSReservedSSO_[\w+=,.@-]{1,32}?_0{16}/g, anyRole);
