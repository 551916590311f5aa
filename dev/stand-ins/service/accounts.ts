/** The AWS accounts of a fixture: users with their keys, roles, groups and permissions. Plain data, indexed by key and ARN. */
import type { PartitionId } from '../../../lib/identity/partitions.ts';

interface Entity {
  readonly accountId: string;
  readonly partition: PartitionId;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** Unique id: AIDA…, AROA…, AGPA…. */
  readonly id: string;
  readonly arn: string;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly inactive: boolean;
}

export interface MfaDevice {
  /** ARN of a virtual device, or the serial number of a real one. */
  readonly serial: string;
  /** Six digits: the device shows the same code at any time. */
  readonly code: string;
}

export type IamAction = 'iam:GetGroup' | 'iam:GetUser' | 'iam:GetRole';

/** Users and roles: they call AWS. */
interface CallingEntity extends Entity {
  /** What its policies allow. GetCallerIdentity needs no permission; AssumeRole depends on the trust of the role. */
  readonly allow: readonly IamAction[];
  /** AWS answers its calls with Throttling. */
  readonly throttled: boolean;
}

export interface User extends CallingEntity {
  readonly kind: 'user';
  readonly keys: readonly AccessKey[];
  readonly mfa?: MfaDevice | undefined;
}

export interface Role extends CallingEntity {
  readonly kind: 'role';
  /** ARNs of users and roles, or `arn:…:iam::<account>:root` for every user and role of an account. */
  readonly trust: readonly string[];
  readonly externalId?: string | undefined;
  readonly requireMfa: boolean;
  readonly maxSessionSeconds: number;
  /** Session tokens are padded to this length, as session tags and policies lengthen them at AWS. At most 4,096. */
  readonly sessionTokenBytes?: number | undefined;
}

export interface Group extends Entity {
  /** Names of users of the same account. */
  readonly members: readonly string[];
  /** The error of GetGroup. Default: none. */
  readonly fault?: 'AccessDenied' | 'Throttling' | undefined;
}

export interface AccountsData {
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  readonly groups: readonly Group[];
  /** Members in a page of GetGroup, unless the request asks for fewer. */
  readonly iamPageSize: number;
  /** Whether each page but the last is followed by an empty one that is truncated: IAM may do that. */
  readonly iamEmptyPages: boolean;
}

export interface AwsAccounts extends AccountsData {
  readonly userByAccessKey: ReadonlyMap<string, { readonly user: User; readonly key: AccessKey }>;
  readonly roleByArn: ReadonlyMap<string, Role>;
  /** By {@link nameKey}. */
  readonly userByName: ReadonlyMap<string, User>;
}

export const nameKey = (accountId: string, name: string): string => `${accountId}/${name}`;

export function indexAccounts(data: AccountsData): AwsAccounts {
  return {
    ...data,
    userByAccessKey: new Map(
      data.users.flatMap((user) => user.keys.map((key) => [key.id, { user, key }] as const)),
    ),
    roleByArn: new Map(data.roles.map((role) => [role.arn, role])),
    userByName: new Map(data.users.map((user) => [nameKey(user.accountId, user.name), user])),
  };
}

/** The user or session that signed a request. */
export type Caller =
  | { readonly kind: 'user'; readonly user: User; readonly accessKeyId: string }
  | {
      readonly kind: 'session';
      readonly role: Role;
      readonly sessionName: string;
      readonly accessKeyId: string;
    };

/** The user, or the role behind the session. */
export const entityOf = (caller: Caller): User | Role => (caller.kind === 'user' ? caller.user : caller.role);

/** As GetCallerIdentity returns it. A session's ARN carries no role path. */
export function callerArn(caller: Caller): string {
  if (caller.kind === 'user') return caller.user.arn;
  const { partition, accountId, name } = caller.role;
  return `arn:${partition}:sts::${accountId}:assumed-role/${name}/${caller.sessionName}`;
}

export const callerUserId = (caller: Caller): string =>
  caller.kind === 'user' ? caller.user.id : `${caller.role.id}:${caller.sessionName}`;
