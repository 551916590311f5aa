/** Which fields of a record a client may write, for `put` and `export`: derived from lib/records. */
import type { Stored } from '../../lib/records/bookkeeping.ts';
import { kinds } from '../../lib/records/kinds.ts';
import type { InputField, RecordKind, StoredOf } from '../../lib/records/kinds.ts';
import { pick } from '../json.ts';
import type { JsonObject } from '../json.ts';

type KeyOf<T> = T extends unknown ? keyof T : never;
type ComputedField<K extends RecordKind> = Exclude<KeyOf<StoredOf<K>>, InputField<K> | keyof Stored>;

const bookkeeping: Readonly<Record<keyof Stored, true>> = {
  version: true,
  createdAt: true,
  createdBy: true,
  updatedAt: true,
  updatedBy: true,
};

/** Fields that the server computes, besides bookkeeping. */
const computed: { readonly [K in RecordKind]: Readonly<Record<ComputedField<K>, true>> } = {
  set: {},
  cluster: {},
  mapping: { id: true, principalKey: true, staleKey: true, owner: true, contributions: true },
  denial: { id: true, principalKey: true, sessionKey: true, staleKey: true },
  binding: {},
};

/** Input fields that the route of a `put` already holds. */
const routeField: Readonly<Partial<Record<RecordKind, string>>> = {
  set: 'name',
  cluster: 'id',
  binding: 'id',
};

const isReadOnly = (kind: RecordKind, field: string): boolean =>
  field === 'warnings' ||
  field === routeField[kind] ||
  Object.hasOwn(bookkeeping, field) ||
  Object.hasOwn(computed[kind], field);

/**
 * The fields of a file that `put -f` sends to the API. Read-only fields are left out, so that what `get` printed can
 * be edited and put again; unknown fields are kept, for the API to refuse.
 */
export const writableFields = (kind: RecordKind, file: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(file).filter(([field]) => !isReadOnly(kind, field)));

/** The input fields of a stored record: what a desired state states of it. */
export const statedFields = (kind: RecordKind, stored: JsonObject): JsonObject =>
  pick(stored, kinds[kind].inputFields);
