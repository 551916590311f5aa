/** A group binding: the group sync maps the members of an IAM group to Kubernetes groups in a scope. */
import * as v from 'valibot';
import { withoutBookkeeping } from './bookkeeping.ts';
import type { Stored } from './bookkeeping.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
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
