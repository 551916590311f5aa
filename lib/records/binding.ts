/** A group binding: the group sync maps the members of an IAM group to Kubernetes groups in a scope. */
import * as v from 'valibot';
import { withoutBookkeeping } from './bookkeeping.ts';
import type { Stored } from './bookkeeping.ts';
import { crossFields, ifValid } from './input/cross-fields.ts';
import type { Broken } from './input/cross-fields.ts';
import * as fields from './input/fields.ts';
import { recordInput } from './kind.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
import { accountOf, brokenMappingRules } from './input/mapping-rules.ts';
import type { Principal } from './principal.ts';
import type { Scope } from './scope.ts';
import { parserOf, storedScope, storedTexts } from './stored-fields.ts';

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

export interface BindingRef {
  readonly id: string;
}

export type StoredBinding = GroupBinding & Stored;

export interface BindingKind {
  readonly kind: 'binding';
  readonly list: 'bindings';
  readonly ref: BindingRef;
  readonly record: GroupBinding;
  readonly stored: StoredBinding;
}

export const bindingFields = [
  'id',
  'iamGroup',
  'readerRoleArn',
  'externalId',
  'scope',
  'username',
  'groups',
  'allowSystemGroups',
] as const;

const storedFields = {
  id: v.string(),
  iamGroup: v.string(),
  readerRoleArn: v.optional(v.string()),
  externalId: v.optional(v.string()),
  scope: storedScope,
  username: v.string(),
  groups: storedTexts,
  allowSystemGroups: v.optional(v.boolean()),
} satisfies FieldsOf<GroupBinding>;

export const parseStoredBinding = /* @__PURE__ */ parserOf<GroupBinding>(v.object(storedFields));

export const bindingKind: KindDefinition<BindingKind> = {
  kind: 'binding',
  list: 'bindings',
  noun: 'group binding',
  schemaVersion: 1,
  inputFields: bindingFields,
  refOf: ({ id }) => ({ id }),
  refText: ({ id }) => id,
  parseRefText: (id) => ({ id }),
  toRecord: withoutBookkeeping,
  parseStored: parseStoredBinding,
};

/** The fields that are valid by themselves. */
interface BindingFields {
  readonly iamGroup?: string | undefined;
  readonly readerRoleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly username?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly allowSystemGroups?: boolean | undefined;
}

const anyUser: Principal = { arn: 'arn:aws:iam::000000000000:user/member' };

function bindingRules(binding: BindingFields): readonly Broken[] {
  const broken: Broken[] = [];
  const { iamGroup, readerRoleArn, externalId, username, groups, allowSystemGroups } = binding;
  if (
    iamGroup !== undefined &&
    readerRoleArn !== undefined &&
    accountOf(iamGroup) !== accountOf(readerRoleArn)
  ) {
    const message = "readerRoleArn must be a role of the group's own account: create one there.";
    broken.push({ path: ['readerRoleArn'], message });
  }
  if (externalId !== undefined && readerRoleArn === undefined) {
    const message = 'externalId goes with readerRoleArn: give both, or neither.';
    broken.push({ path: ['externalId'], message });
  }
  if (groups?.some((text) => text.startsWith('system:')) === true && allowSystemGroups !== true) {
    const message = 'groups that begin with system: need allowSystemGroups: true, or other groups.';
    broken.push({ path: ['groups'], message });
  }
  // Members are users: a placeholder that users do not have would never render.
  return [...broken, ...brokenMappingRules({ principal: anyUser, username, groups })];
}

/* @__NO_SIDE_EFFECTS__ */
function bindingSchema() {
  const username = fields.template('username', 'username');

  const fieldsOfRules = v.object({
    iamGroup: ifValid(fields.iamGroup),
    readerRoleArn: ifValid(fields.readerRoleArn),
    externalId: ifValid(fields.externalId),
    username: ifValid(username),
    groups: ifValid(fields.groups),
    allowSystemGroups: ifValid(fields.flag('allowSystemGroups')),
  });

  return v.pipe(
    recordInput('a group binding', bindingFields, {
      id: fields.name('id'),
      iamGroup: fields.iamGroup,
      readerRoleArn: v.optional(fields.readerRoleArn),
      externalId: v.optional(fields.externalId),
      scope: fields.scope,
      username: v.optional(username, 'aws:{{AccountID}}:{{UserName}}'),
      groups: fields.groups,
      allowSystemGroups: v.optional(fields.flag('allowSystemGroups')),
    } satisfies FieldsOf<GroupBinding>),
    crossFields(fieldsOfRules, bindingRules),
  );
}

export const bindingInput = bindingSchema();
