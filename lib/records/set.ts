/** A set of clusters. Clusters join it by their own `sets`. */
import * as v from 'valibot';
import { withoutBookkeeping } from './bookkeeping.ts';
import type { Stored } from './bookkeeping.ts';
import { name, prose } from './input/fields.ts';
import { recordInput } from './kind.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
import { parserOf } from './stored-fields.ts';

export interface ClusterSet {
  readonly name: string;
  readonly description?: string | undefined;
}

export interface SetRef {
  readonly name: string;
}

export type StoredSet = ClusterSet & Stored;

export interface SetKind {
  readonly kind: 'set';
  readonly list: 'sets';
  readonly ref: SetRef;
  readonly record: ClusterSet;
  readonly stored: StoredSet;
}

export const setFields = ['name', 'description'] as const;

const storedFields = {
  name: v.string(),
  description: v.optional(v.string()),
} satisfies FieldsOf<ClusterSet>;

export const parseStoredSet = /* @__PURE__ */ parserOf<ClusterSet>(v.object(storedFields));

export const setKind: KindDefinition<SetKind> = {
  kind: 'set',
  list: 'sets',
  noun: 'set',
  schemaVersion: 1,
  inputFields: setFields,
  refOf: ({ name }) => ({ name }),
  refText: ({ name }) => name,
  parseRefText: (name) => ({ name }),
  toRecord: withoutBookkeeping,
  parseStored: parseStoredSet,
};

/* @__NO_SIDE_EFFECTS__ */
function setSchema() {
  return recordInput('a set', setFields, {
    name: name('name'),
    description: v.optional(prose('description')),
  } satisfies FieldsOf<ClusterSet>);
}

export const setInput = setSchema();
