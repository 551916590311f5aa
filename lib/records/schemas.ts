/**
 * What admins write, as the admin API takes it: every rule and limit (docs/architecture.md, "Mapping rules"). A schema also
 * normalises (lists that are sets come out unique and sorted, defaults are filled in), so that what it gives is stored
 * as it is. All of them can be shown as JSON Schema, for the OpenAPI document and the desired state.
 */
import * as z from 'zod/mini';
import { parsePrincipalArn } from '../identity/arn.ts';
import { crossFields, ifValid } from './cross-fields.ts';
import type { Broken } from './cross-fields.ts';
import {
  accessKeyId,
  accountOf,
  clusterId,
  externalId,
  fieldsAre,
  flag,
  groups,
  iamGroup,
  instanceProfiles,
  instant,
  name,
  partition,
  plainGroups,
  principal,
  prose,
  readerRoleArn,
  scope,
  sessionName,
  setOf,
  template,
  uniqueId,
} from './fields.ts';
import { defaultProfile } from './mapping.ts';
import { usesInstance } from './template.ts';
import { brokenMappingRules } from './mapping-rules.ts';
import type { Principal } from './principal.ts';

/** An object of these fields and no others; `what` begins the sentence about one that there is not. */
const record = <S extends Record<string, z.ZodMiniType>>(what: string, shape: S) =>
  z.strictObject(shape, { error: fieldsAre(what, Object.keys(shape).join(', ')) });

export const clusterInput = record('a cluster', {
  id: clusterId,
  description: z.optional(prose('description')),
  partition: z._default(partition, 'aws'),
  sets: z._default(setOf('sets', name('a set'), 5), []),
  adminGroups: z._default(plainGroups, ['system:masters']),
  disabled: z.optional(flag('disabled')),
});

export const setInput = record('a set', {
  name: name('name'),
  description: z.optional(prose('description')),
});

const username = template('username', 'username');

const mappingFields = z.object({
  principal: ifValid(principal),
  username: ifValid(username),
  groups: ifValid(groups),
  principalId: ifValid(uniqueId),
  instanceProfiles: ifValid(instanceProfiles),
});

interface Profiled {
  principal: Principal;
  username: string;
  groups: string[];
  instanceProfiles?: string[] | undefined;
}

/** A node's mapping says which profiles it takes: by default the one of the role's own name. */
function withProfiles<T extends Profiled>(mapping: T): T {
  if (mapping.instanceProfiles !== undefined || !usesInstance(mapping)) return mapping;
  const role = mapping.principal.arn === undefined ? undefined : parsePrincipalArn(mapping.principal.arn);
  if (role?.kind !== 'role') return mapping;
  return { ...mapping, instanceProfiles: [defaultProfile(role.partition, role.accountId, role.name)] };
}

/** Without `owner`: what a person writes is `manual`. */
export const mappingInput = record('a mapping', {
  scope,
  principal,
  username,
  groups,
  expiresAt: z.optional(instant('expiresAt')),
  principalId: z.optional(uniqueId),
  instanceProfiles: z.optional(instanceProfiles),
}).check(crossFields(mappingFields, brokenMappingRules), z.overwrite(withProfiles));

const reason = prose('reason');
const session = z.optional(sessionName);
const denialSays = {
  error: fieldsAre(
    'a denial',
    'exactly one of principal, principalId and accessKeyId; reason; sessionName with a principal',
  ),
};

const denialFields = z.object({ principal: ifValid(principal), sessionName: ifValid(sessionName) });

interface DenialFields {
  readonly principal?: Principal | undefined;
  readonly sessionName?: string | undefined;
}

/** Root, users and accounts have no sessions of their own to name; a federated user is its session. */
function sessionRules({ principal: subject, sessionName: named }: DenialFields): readonly Broken[] {
  if (subject === undefined || named === undefined) return [];
  const { arn, permissionSet } = subject;
  const hasSessions =
    permissionSet !== undefined || (arn !== undefined && parsePrincipalArn(arn)?.kind === 'role');
  const message =
    'sessionName goes with a role or a permission set: leave it out to deny all of this principal.';
  return hasSessions ? [] : [{ path: ['sessionName'], message }];
}

export const denialInput = z.union(
  [
    z
      .strictObject({ principal, sessionName: session, reason }, denialSays)
      .check(crossFields(denialFields, sessionRules)),
    z.strictObject({ principalId: uniqueId, reason }, denialSays),
    z.strictObject({ accessKeyId, reason }, denialSays),
  ],
  denialSays,
);

const bindingFields = z.object({
  iamGroup: ifValid(iamGroup),
  readerRoleArn: ifValid(readerRoleArn),
  externalId: ifValid(externalId),
  username: ifValid(username),
  groups: ifValid(groups),
  allowSystemGroups: ifValid(flag('allowSystemGroups')),
});

const anyUser: Principal = { arn: 'arn:aws:iam::000000000000:user/member' };

function bindingRules(fields: z.output<typeof bindingFields>): readonly Broken[] {
  const broken: Broken[] = [];
  const { iamGroup: group, readerRoleArn: role, externalId: external, allowSystemGroups } = fields;
  if (group !== undefined && role !== undefined && accountOf(group) !== accountOf(role)) {
    const message = "readerRoleArn must be a role of the group's own account: make one there.";
    broken.push({ path: ['readerRoleArn'], message });
  }
  if (external !== undefined && role === undefined) {
    broken.push({
      path: ['externalId'],
      message: 'externalId goes with readerRoleArn: give both, or neither.',
    });
  }
  if (fields.groups?.some((text) => text.startsWith('system:')) === true && allowSystemGroups !== true) {
    const message = 'groups that begin with system: need allowSystemGroups: true, or other groups.';
    broken.push({ path: ['groups'], message });
  }
  // Members are users: what users do not have, they cannot be named by.
  const { username: template, groups: templates } = fields;
  return [...broken, ...brokenMappingRules({ principal: anyUser, username: template, groups: templates })];
}

export const bindingInput = record('a group binding', {
  id: name('id'),
  iamGroup,
  readerRoleArn: z.optional(readerRoleArn),
  externalId: z.optional(externalId),
  scope,
  username: z._default(username, 'aws:{{AccountID}}:{{UserName}}'),
  groups,
  allowSystemGroups: z.optional(flag('allowSystemGroups')),
}).check(crossFields(bindingFields, bindingRules));
