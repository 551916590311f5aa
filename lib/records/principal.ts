/** What a principal is found by: one key for every spelling of it. */
import type { CallerIdentity } from '../identity/caller-identity.ts';
import type { PartitionId } from '../identity/partitions.ts';
import type { Denial, DenialRef, DenialSubject, Principal, PrincipalKey } from './types.ts';

/** How close a mapping is to the caller, narrowest first: that order decides who names the user. */
export type PrincipalKind = 'arn' | 'permission-set' | 'account';

export interface KeyedPrincipal {
  readonly kind: PrincipalKind;
  readonly key: PrincipalKey;
}

const roleWithPath = /^(arn:[a-z-]+:iam::\d{12}:role\/)(?:[^/]*\/)+([^/]+)$/;

/**
 * Lower case, role path stripped. STS reports neither a role's path nor always the case in which it was made;
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

/** The key of a principal. It does not judge an ARN: `schemas.ts` does. */
export function principalKey(principal: Principal): PrincipalKey {
  if (principal.arn !== undefined) return arnKey(principal.arn);
  if (principal.permissionSet !== undefined) {
    const { partition = 'aws', accountId, name } = principal.permissionSet;
    return permissionSetKey(partition, accountId, name);
  }
  return accountKey(principal.partition ?? 'aws', principal.accountId);
}

/** Unique ids and access key ids have one case: it is kept. */
const principalIdKey = (principalId: string): PrincipalKey => `principal-id/${principalId}`;
const accessKeyKey = (accessKeyId: string): PrincipalKey => `access-key/${accessKeyId}`;

/** The key of whomever a denial is about, without its session. */
export function denialKey(subject: DenialSubject): PrincipalKey {
  if (subject.principal !== undefined) return principalKey(subject.principal);
  return subject.principalId === undefined
    ? accessKeyKey(subject.accessKeyId)
    : principalIdKey(subject.principalId);
}

/** What names a denial. */
export const denialRef = (denial: Denial): DenialRef => ({
  principalKey: denialKey(denial),
  sessionName: denial.sessionName,
});

/**
 * The IAM Identity Center permission set that a role was made for, if it was: `AWSReservedSSO_<name>_<16 hex>`.
 * Anchored at both ends, so that a set `Admin` does not match the role of `Admin_ReadOnly`: names may hold
 * underscores. IAM keeps that prefix for AWS, in this case alone.
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
