/** The fields of each kind of record, for `put` and `export`. */
import type { RecordKind } from '../../lib/records/kinds.ts';
import type { JsonObject } from '../json.ts';

/** The fields that a client may write. */
export const inputFields = {
  set: ['name', 'description'],
  cluster: ['id', 'description', 'partition', 'sets', 'adminGroups', 'disabled'],
  mapping: ['scope', 'principal', 'username', 'groups', 'expiresAt', 'principalId', 'instanceProfiles'],
  denial: ['principal', 'principalId', 'accessKeyId', 'sessionName', 'reason'],
  binding: [
    'id',
    'iamGroup',
    'readerRoleArn',
    'externalId',
    'scope',
    'username',
    'groups',
    'allowSystemGroups',
  ],
} as const satisfies Readonly<Record<RecordKind, readonly string[]>>;

const bookkeeping = ['version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'warnings'] as const;

/** What `get` and `put` print besides: `put -f` accepts and ignores it, so that what was printed can be put again. */
const readOnlyFields: Readonly<Record<RecordKind, ReadonlySet<string>>> = {
  set: new Set(['name', ...bookkeeping]),
  cluster: new Set(['id', ...bookkeeping]),
  mapping: new Set(['id', 'owner', 'principalKey', 'contributions', ...bookkeeping]),
  denial: new Set(['id', 'principalKey', ...bookkeeping]),
  binding: new Set(['id', ...bookkeeping]),
};

/** The fields of a file that go to the API: unknown ones too, for the API to refuse. */
export const withoutReadOnly = (kind: RecordKind, record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !readOnlyFields[kind].has(name)));
