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
 * The text that entries about a principal are found by, the same for every spelling of it:
 * `arn:aws:iam::111122223333:role/admin` (lower case, no path) · `permission-set/aws/111122223333/admin` ·
 * `account/aws/111122223333`. Denials also use `principal-id/AROA…` and `access-key/AKIA…` (case kept).
 *
 * Mappings and denials have the same keys but for federated users: a mapping keeps the case of their names, since AWS compares
 * them with case (`arn:aws:sts::111122223333:federated-user/Bob`), and a denial ignores it. So a key comes from
 * {@link mappingKeyOf} or from {@link denialKeyOf}, never from "the" key of a principal.
 */
export type PrincipalKey = string;

/** How close a mapping is to the caller, narrowest first: that order decides who names the user. */
export type PrincipalKind = 'arn' | 'permission-set' | 'account';

export interface KeyedPrincipal {
  readonly kind: PrincipalKind;
  readonly key: PrincipalKey;
}

const withPath = /^(arn:[a-z-]+:iam::\d{12}:(?:role|user)\/)(?:[^/]*\/)+([^/]+)$/;

/** Lower case and without a path: names of roles and of users are unique in their account, whatever their path and case. */
const denialArnKey = (arn: string): PrincipalKey => arn.toLowerCase().replace(withPath, '$1$2');

const federatedUser = /^arn:[a-z-]+:sts::\d{12}:federated-user\/[\w+=,.@-]{1,64}$/;

/** As {@link denialArnKey}, but the names of federated users, which are not unique without case, keep it. */
const mappingArnKey = (arn: string): PrincipalKey => (federatedUser.test(arn) ? arn : denialArnKey(arn));

const permissionSetKey = (partition: PartitionId, accountId: string, name: string): PrincipalKey =>
  `permission-set/${partition}/${accountId}/${name.toLowerCase()}`;

const accountKey = (partition: PartitionId, accountId: string): PrincipalKey =>
  `account/${partition}/${accountId}`;

export const principalKind = (principal: Principal): PrincipalKind => {
  if (principal.arn !== undefined) return 'arn';
  return principal.permissionSet === undefined ? 'account' : 'permission-set';
};

/** The key of mappings of a principal. It does not check an ARN: the input schemas do. */
export const mappingKeyOf = (principal: Principal): PrincipalKey =>
  principal.arn === undefined ? unnamedKey(principal) : mappingArnKey(principal.arn);

/** The key of denials of a principal, whatever the session. It does not check an ARN: the input schemas do. */
export const denialKeyOf = (principal: Principal): PrincipalKey =>
  principal.arn === undefined ? unnamedKey(principal) : denialArnKey(principal.arn);

function unnamedKey(principal: Exclude<Principal, { readonly arn: string }>): PrincipalKey {
  if (principal.permissionSet === undefined) {
    return accountKey(principal.partition ?? 'aws', principal.accountId);
  }
  const { partition = 'aws', accountId, name } = principal.permissionSet;
  return permissionSetKey(partition, accountId, name);
}

/** Denials compare session names without case, since the caller chooses it. They are ASCII, so this is exact. */
export const sessionKey = (sessionName: string): string => sessionName.toLowerCase();

/** Unique ids and access key ids have one case: it is kept. */
export const principalIdKey = (principalId: string): PrincipalKey => `principal-id/${principalId}`;
export const accessKeyKey = (accessKeyId: string): PrincipalKey => `access-key/${accessKeyId}`;

/** Printable ASCII of a known kind, in lower case. */
const isLowerCaseKey = (text: string): boolean => /^(?:arn:|permission-set\/|account\/)[!-@[-~]+$/.test(text);

/** Whether a text may be the key of a mapping, by today's rules or by former ones. */
export const isMappingKey = (text: string): text is PrincipalKey =>
  isLowerCaseKey(text) || federatedUser.test(text);

/** Whether a text may be the key of a denial, by today's rules or by former ones. */
export const isDenialKey = (text: string): text is PrincipalKey =>
  isLowerCaseKey(text) || /^(?:principal-id|access-key)\/[A-Z0-9]+$/.test(text);

/**
 * The IAM Identity Center permission set that a role was created for, if any: `AWSReservedSSO_<name>_<16 hex>`.
 * Anchored at both ends, so that a set `Admin` does not match the role of `Admin_ReadOnly`: names may hold
 * underscores. IAM reserves that prefix for AWS, in this case only.
 */
export const permissionSetOf = (roleName: string): string | undefined =>
  /^AWSReservedSSO_([\w+=,.@-]{1,32})_[0-9a-f]{16}$/.exec(roleName)?.[1];

/** As {@link permissionSetOf}, for denials: STS does not promise the case in which a role was created. */
const deniedPermissionSetOf = (roleName: string): string | undefined =>
  /^AWSReservedSSO_([\w+=,.@-]{1,32})_[0-9a-f]{16}$/i.exec(roleName)?.[1];

/** Every key that a denial of this caller may be under, whatever its session. */
export const denialKeysOf = (identity: CallerIdentity): readonly KeyedPrincipal[] => [
  { kind: 'arn', key: denialArnKey(identity.canonicalArn) },
  ...permissionSetKeysOf(identity, deniedPermissionSetOf),
  accountKeyOf(identity),
];

/** Every key that a mapping of this caller may be under, narrowest first. An account never stands for its root or for federated users. */
export function mappingKeysOf(identity: CallerIdentity): readonly KeyedPrincipal[] {
  const { kind } = identity.principal;
  const own: KeyedPrincipal = { kind: 'arn', key: mappingArnKey(identity.canonicalArn) };
  return kind === 'root' || kind === 'federated-user'
    ? [own]
    : [own, ...permissionSetKeysOf(identity, permissionSetOf), accountKeyOf(identity)];
}

function permissionSetKeysOf(
  { partition, accountId, principal }: CallerIdentity,
  nameOf: (roleName: string) => string | undefined,
): readonly KeyedPrincipal[] {
  const name = principal.kind === 'role' ? nameOf(principal.roleName) : undefined;
  return name === undefined
    ? []
    : [{ kind: 'permission-set', key: permissionSetKey(partition, accountId, name) }];
}

const accountKeyOf = ({ partition, accountId }: CallerIdentity): KeyedPrincipal => ({
  kind: 'account',
  key: accountKey(partition, accountId),
});

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
