/** A mapping: which Kubernetes user and groups a principal has in a scope. */
import * as v from 'valibot';
import type { PartitionId } from '../identity/partitions.ts';
import { recordOf } from '../json/record-schema.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import { withoutBookkeeping } from './bookkeeping.ts';
import type { StaleKey, Stored } from './bookkeeping.ts';
import { crossFields, ifValid } from './input/cross-fields.ts';
import { groups, instanceProfiles, instant, principal, scope, template, uniqueId } from './input/fields.ts';
import { decodeId, encodeId } from './ids.ts';
import { recordInput } from './kind.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
import { brokenMappingRules } from './input/mapping-rules.ts';
import { isMappingKey, mappingKeyOf } from './principal.ts';
import type { Principal, PrincipalKey } from './principal.ts';
import { isScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { usesInstance } from './template.ts';
import { parserOf, storedPrincipal, storedScope, storedTexts } from './stored-fields.ts';

export const owners = ['manual', 'group-sync'] as const;
/** Who writes a mapping: admins, or the group sync. */
export type Owner = (typeof owners)[number];

export interface Mapping {
  readonly scope: Scope;
  /** As the writer spelled it, path included: for display. */
  readonly principal: Principal;
  readonly owner: Owner;
  /** A template, see `template.ts`. */
  readonly username: string;
  /** Templates too. At most 64, unique, sorted. */
  readonly groups: readonly string[];
  /** RFC 3339, UTC. Not live from that moment on. */
  readonly expiresAt?: string | undefined;
  /** Pin: `AROA…` or `AIDA…`. Only if the principal is an ARN. */
  readonly principalId?: string | undefined;
  /** ARNs; only with `{{EC2PrivateDNSName}}`. Default: the caller's own role's name, in its account. */
  readonly instanceProfiles?: readonly string[] | undefined;
  /** Group sync only: what each binding contributes, by binding id. `groups` is their union. */
  readonly contributions?: Readonly<Record<string, Contribution>> | undefined;
}

/** What one group binding grants to one user. */
export interface Contribution {
  /** A template. The binding that comes first in the alphabet names the user. */
  readonly username: string;
  readonly groups: readonly string[];
}

/** Names one mapping: its three parts are its key, and never change. */
export interface MappingRef {
  readonly scope: Scope;
  readonly principalKey: PrincipalKey;
  readonly owner: Owner;
}

export type StoredMapping = Mapping & MappingRef & Stored & StaleKey & { readonly id: string };

export interface MappingKind {
  readonly kind: 'mapping';
  readonly list: 'mappings';
  readonly ref: MappingRef;
  readonly record: Mapping;
  readonly stored: StoredMapping;
}

/** A mapping as a person writes it: its owner is `manual`. */
export type ManualMapping = Omit<Mapping, 'owner' | 'contributions'>;

export const mappingFields = [
  'scope',
  'principal',
  'username',
  'groups',
  'expiresAt',
  'principalId',
  'instanceProfiles',
] as const;

const storedFields = {
  scope: storedScope,
  principal: storedPrincipal,
  owner: v.picklist(owners),
  username: v.string(),
  groups: storedTexts,
  expiresAt: v.optional(v.string()),
  principalId: v.optional(v.string()),
  instanceProfiles: v.optional(storedTexts),
  contributions: v.optional(recordOf(v.object({ username: v.string(), groups: storedTexts }))),
} satisfies FieldsOf<Mapping>;

export const parseStoredMapping = parserOf<Mapping>(v.object(storedFields));

export const isOwner = (text: string): text is Owner => owners.some((owner) => owner === text);

export const mappingRef = ({ scope, principal, owner }: Mapping): MappingRef => ({
  scope,
  principalKey: mappingKeyOf(principal),
  owner,
});

/** The id of a mapping in the admin API. */
export const mappingId = ({ scope, principalKey: key, owner }: MappingRef): string =>
  encodeId([scope, key, owner]);

/** The inverse of {@link mappingId}, for former keys too; `undefined` for any other text. */
export function parseMappingId(id: string): MappingRef | undefined {
  const [scope = '', key = '', owner = '', ...rest] = decodeId(id) ?? [];
  const valid = rest.length === 0 && isScope(scope) && isMappingKey(key) && isOwner(owner);
  return valid ? { scope, principalKey: key, owner } : undefined;
}

/** See `KindDefinition`. Separate from the definition, so that the reviewer does not load all of it. */
export const mappingSchemaVersion = 1;

export const mappingKind: KindDefinition<MappingKind> = {
  kind: 'mapping',
  list: 'mappings',
  noun: 'mapping',
  schemaVersion: mappingSchemaVersion,
  inputFields: mappingFields,
  refOf: mappingRef,
  refText: mappingId,
  parseRefText: parseMappingId,
  toRecord: (stored) => {
    const { id: _id, principalKey: _key, staleKey: _stale, ...record } = withoutBookkeeping(stored);
    return record;
  },
  parseStored: parseStoredMapping,
};

/** The instance profile that the console creates with a role: `arn:aws:iam::111122223333:instance-profile/KubernetesNode`. */
export const defaultProfile = (partition: PartitionId, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:instance-profile/${roleName}`;

/** The mapping of a node names its instance profiles: by default the one of the role's own name. */
function withProfiles(mapping: ManualMapping): ManualMapping {
  const role = parsePrincipalArn(String(mapping.principal.arn));
  const has = mapping.instanceProfiles !== undefined || !usesInstance(mapping);
  if (has || role?.kind !== 'role') return mapping;
  return { ...mapping, instanceProfiles: [defaultProfile(role.partition, role.accountId, role.name)] };
}

/* @__NO_SIDE_EFFECTS__ */
function mappingSchema() {
  const username = template('username', 'username');

  const fieldsOfRules = v.object({
    principal: ifValid(principal),
    username: ifValid(username),
    groups: ifValid(groups),
    principalId: ifValid(uniqueId),
    instanceProfiles: ifValid(instanceProfiles),
  });

  return v.pipe(
    recordInput('a mapping', mappingFields, {
      scope,
      principal,
      username,
      groups,
      expiresAt: v.optional(instant('expiresAt')),
      principalId: v.optional(uniqueId),
      instanceProfiles: v.optional(instanceProfiles),
    } satisfies FieldsOf<ManualMapping>),
    crossFields(fieldsOfRules, brokenMappingRules),
    v.transform((mapping): ManualMapping => withProfiles(mapping)),
  );
}

export const mappingInput = mappingSchema();
