/** The records that say who may enter which cluster as whom. Their schemas are in `schemas.ts`. */
import type { PartitionId } from '../identity/partitions.ts';

/** `cluster/<id>`, `set/<name>` or `all`. */
export type Scope = `cluster/${string}` | `set/${string}` | 'all';

export type Owner = 'manual' | 'group-sync';

export interface PermissionSet {
  readonly accountId: string;
  readonly name: string;
  /** Default `aws`. */
  readonly partition?: PartitionId | undefined;
}

/** Whom a mapping or a denial is about, in the spelling of the admin API. Exactly one of the three. */
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

/** What every stored record carries besides its own fields. */
export interface Stored {
  /** 1 for the first write; goes up by one with every change, deletes and re-creations included. */
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  /** The IAM ARN of an admin, `group-sync/<run>`, or `dev`. */
  readonly updatedBy: string;
}

export interface Cluster {
  readonly id: string;
  readonly description?: string | undefined;
  readonly partition: PartitionId;
  /** At most 5. */
  readonly sets: readonly string[];
  readonly adminGroups: readonly string[];
  readonly disabled?: boolean | undefined;
}

export interface ClusterSet {
  readonly name: string;
  readonly description?: string | undefined;
}

/** The hash of a webhook token; the token itself is shown once and never stored. */
export interface WebhookToken {
  readonly id: string;
  /** `sha256:<64 hex digits>` */
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface Mapping {
  readonly scope: Scope;
  /** As given by whoever wrote it, role path included: for display. */
  readonly principal: Principal;
  readonly owner: Owner;
  /** A template, see `template.ts`. */
  readonly username: string;
  /** Templates too. At most 64, unique, sorted. */
  readonly groups: readonly string[];
  /** RFC 3339, UTC. Not live from that moment on. */
  readonly expiresAt?: string | undefined;
  /** Pin: `AROA…` or `AIDA…`. Only where the principal is an ARN. */
  readonly principalId?: string | undefined;
  /** ARNs; only with `{{EC2PrivateDNSName}}`. Default: the caller's own role's name, in its account. */
  readonly instanceProfiles?: readonly string[] | undefined;
  /** Group-sync only: what each binding contributes, by binding id. `groups` is their union. */
  readonly contributions?: Readonly<Record<string, Contribution>> | undefined;
}

/** What one group binding gives to one user. */
export interface Contribution {
  /** A template. The binding that comes first in the alphabet names the user. */
  readonly username: string;
  readonly groups: readonly string[];
}

export type DenialSubject =
  | { readonly principal: Principal; readonly principalId?: never; readonly accessKeyId?: never }
  | { readonly principalId: string; readonly principal?: never; readonly accessKeyId?: never }
  | { readonly accessKeyId: string; readonly principal?: never; readonly principalId?: never };

export type Denial = DenialSubject & {
  /** One session of an ARN or a permission set; compared with case. */
  readonly sessionName?: string | undefined;
  readonly reason: string;
};

export interface GroupBinding {
  readonly id: string;
  /** `arn:aws:iam::111122223333:group/Developers` */
  readonly iamGroup: string;
  /** In the group's account, named `CountersignGroupReader*`. */
  readonly readerRoleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly scope: Scope;
  /** Default `aws:{{AccountID}}:{{UserName}}`. */
  readonly username: string;
  readonly groups: readonly string[];
  /** Must be true for groups that begin with `system:`. */
  readonly allowSystemGroups?: boolean | undefined;
}

/** Names one mapping: its three parts are its key, and never change. */
export interface MappingRef {
  readonly scope: Scope;
  readonly principalKey: PrincipalKey;
  readonly owner: Owner;
}

/** Names one denial. */
export interface DenialRef {
  readonly principalKey: PrincipalKey;
  readonly sessionName?: string | undefined;
}

/** A record as the store gives it: the fields, what it is named by, and its bookkeeping. */
export type StoredMapping = Mapping & MappingRef & Stored & { readonly id: string };
export type StoredDenial = Denial & DenialRef & Stored & { readonly id: string };
export type StoredCluster = Cluster & Stored;
export type StoredSet = ClusterSet & Stored;
export type StoredBinding = GroupBinding & Stored;
