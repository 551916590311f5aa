/** The principals that mappings and denials are about, and one key for every spelling of a principal. */
import { parsePrincipalArn } from '../identity/arn.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import { partitionIds } from '../identity/partitions.ts';
import type { PartitionId } from '../identity/partitions.ts';

export interface PermissionSet {
  readonly accountId: string;
  readonly name: string;
  /** Default `aws`. */
  readonly partition?: PartitionId | undefined;
}

/** In the spelling of the admin API. Exactly one of the three. */
export type Principal =
  | { readonly arn: string; readonly permissionSet?: never; readonly accountId?: never }
  | { readonly permissionSet: PermissionSet; readonly arn?: never; readonly accountId?: never }
  | {
      readonly accountId: string;
      /** Default `aws`. */
      readonly partition?: PartitionId | undefined;
      readonly arn?: never;
      readonly permissionSet?: never;
    };

/**
 * The text that a principal is found by, the same for every spelling of it:
 * `arn:aws:iam::111122223333:role/admin` (lower case, role path stripped) ·
 * `permission-set/aws/111122223333/admin` · `account/aws/111122223333`.
 * Denials also use `principal-id/AROA…` and `access-key/AKIA…` (case kept).
 */
export type PrincipalKey = string;

/** How close a mapping is to the caller, narrowest first: that order decides who names the user. */
export type PrincipalKind = 'arn' | 'permission-set' | 'account';

export interface KeyedPrincipal {
  readonly kind: PrincipalKind;
  readonly key: PrincipalKey;
}

const roleWithPath = /^(arn:[a-z-]+:iam::\d{12}:role\/)(?:[^/]*\/)+([^/]+)$/;

/**
 * Lower case, role path stripped. STS reports neither a role's path nor always the case in which it was created;
 * role names are unique in their account whatever their path and case. STS does report users' paths: they stay.
 */
export const arnKey = (arn: string): PrincipalKey => arn.toLowerCase().replace(roleWithPath, '$1$2');

const permissionSetKey = (partition: PartitionId, accountId: string, name: string): PrincipalKey =>
  `permission-set/${partition}/${accountId}/${name.toLowerCase()}`;

const accountKey = (partition: PartitionId, accountId: string): PrincipalKey =>
  `account/${partition}/${accountId}`;

export const principalKind = (principal: Principal): PrincipalKind => {
  if (principal.arn !== undefined) return 'arn';
  return principal.permissionSet === undefined ? 'account' : 'permission-set';
};

/** The key of a principal. It does not check an ARN: the input schemas do. */
export function principalKey(principal: Principal): PrincipalKey {
  if (principal.arn !== undefined) return arnKey(principal.arn);
  if (principal.permissionSet !== undefined) {
    const { partition = 'aws', accountId, name } = principal.permissionSet;
    return permissionSetKey(partition, accountId, name);
  }
  return accountKey(principal.partition ?? 'aws', principal.accountId);
}

/** Unique ids and access key ids have one case: it is kept. */
export const principalIdKey = (principalId: string): PrincipalKey => `principal-id/${principalId}`;
export const accessKeyKey = (accessKeyId: string): PrincipalKey => `access-key/${accessKeyId}`;

/** Whether a text may be the key of a mapping: printable ASCII of a known kind, in lower case. */
export const isMappingKey = (text: string): text is PrincipalKey =>
  /^(?:arn:|permission-set\/|account\/)[!-@[-~]+$/.test(text);

/** Whether a text may be the key of a denial. */
export const isDenialKey = (text: string): text is PrincipalKey =>
  isMappingKey(text) || /^(?:principal-id|access-key)\/[A-Z0-9]+$/.test(text);

/**
 * The IAM Identity Center permission set that a role was created for, if any: `AWSReservedSSO_<name>_<16 hex>`.
 * Anchored at both ends, so that a set `Admin` does not match the role of `Admin_ReadOnly`: names may hold
 * underscores. IAM reserves that prefix for AWS, in this case only.
 */
export const permissionSetOf = (roleName: string): string | undefined =>
  /^AWSReservedSSO_([\w+=,.@-]{1,32})_[0-9a-f]{16}$/.exec(roleName)?.[1];

/** Every key that a denial of this caller may be under, whatever its session. */
export function denialKeysOf(identity: CallerIdentity): readonly KeyedPrincipal[] {
  const { partition, accountId, principal } = identity;
  const keys: KeyedPrincipal[] = [{ kind: 'arn', key: arnKey(identity.canonicalArn) }];
  const permissionSet = principal.kind === 'role' ? permissionSetOf(principal.roleName) : undefined;
  if (permissionSet !== undefined) {
    keys.push({ kind: 'permission-set', key: permissionSetKey(partition, accountId, permissionSet) });
  }
  keys.push({ kind: 'account', key: accountKey(partition, accountId) });
  return keys;
}

/** Every key that a mapping of this caller may be under, narrowest first. An account never stands for its root or for federated users. */
export function mappingKeysOf(identity: CallerIdentity): readonly KeyedPrincipal[] {
  const { kind } = identity.principal;
  const named = kind === 'root' || kind === 'federated-user';
  return denialKeysOf(identity).filter((key) => !(named && key.kind === 'account'));
}

/** Denials by unique id and by access key, if they are known: `explain` may be asked without them. */
export const credentialKeysOf = (identity: CallerIdentity): readonly PrincipalKey[] => [
  ...(identity.principalId === undefined ? [] : [principalIdKey(identity.principalId)]),
  ...(identity.accessKeyId === undefined ? [] : [accessKeyKey(identity.accessKeyId)]),
];

const permissionSetPattern = /^permission-set\/(?:([a-z-]+)\/)?(\d{12})\/([\w+=,.@-]{1,32})$/;
const accountPattern = /^(?:account\/(?:([a-z-]+)\/)?)?(\d{12})$/;

/**
 * Parses a principal in one word, for settings and query strings: an ARN, `permission-set/<account>/<name>`,
 * `account/<account>` (both also with a partition before the account), or twelve digits. The key of a principal is
 * such a word too. `undefined` for any other text, and for the ARN of a session.
 */
export function principalOfText(text: string): Principal | undefined {
  const [, setPartition = 'aws', setAccount = '', name] = permissionSetPattern.exec(text) ?? [];
  if (name !== undefined) {
    const partition = partitionIds.find((known) => known === setPartition);
    return partition && { permissionSet: { partition, accountId: setAccount, name } };
  }
  const [, partitionText = 'aws', accountId] = accountPattern.exec(text) ?? [];
  if (accountId !== undefined) {
    const partition = partitionIds.find((known) => known === partitionText);
    return partition && { partition, accountId };
  }
  const arn = parsePrincipalArn(text);
  return arn === undefined || arn.kind === 'assumed-role' ? undefined : { arn: text };
}
