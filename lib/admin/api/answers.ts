/** What the admin API answers, as schemas: they type what handlers return, and the OpenAPI document shows them. */
import * as v from 'valibot';
import { denialDifferences } from '../access/near-denials.ts';
import { mappingDifferences } from '../access/near-misses.ts';
import { bindingInput } from '../../records/binding.ts';
import type { Stored } from '../../records/bookkeeping.ts';
import { clusterInput } from '../../records/cluster.ts';
import { principal, scope } from '../../records/input/fields.ts';
import type { FieldsOf } from '../../records/kind.ts';
import { writeOrder } from '../../records/kinds.ts';
import type { RecordKind, StoredOf } from '../../records/kinds.ts';
import { mappingInput, owners } from '../../records/mapping.ts';
import { setInput } from '../../records/set.ts';
import type { WebhookToken } from '../../records/webhook-token.ts';

export const instant = v.pipe(v.string(), v.metadata({ format: 'date-time', description: 'RFC 3339, UTC' }));
export const whole = v.pipe(v.number(), v.integer());
/** A list that handlers may return as they hold it: read-only. */
export const listSchema = <const T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const texts = listSchema(v.string());

/** A record as the API answers it: as it is stored, and its warnings: one sentence for each thing that is legal but may be a mistake. */
export type RecordAnswer<K extends RecordKind> = StoredOf<K> & {
  readonly warnings?: readonly string[] | undefined;
};

const shared = {
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: instant,
  createdBy: v.string(),
  updatedAt: instant,
  updatedBy: v.string(),
  warnings: v.optional(texts),
} satisfies FieldsOf<Stored & { readonly warnings?: readonly string[] | undefined }>;
const owner = v.picklist(owners);
const staleKey = v.optional(
  v.pipe(
    v.literal(true),
    v.description(
      'The entry is under a key of an earlier version: no review reads it. Writing it again moves it to its key of today.',
    ),
  ),
);

// What an input may leave out, an answer has: the default.
const { partition, sets, adminGroups } = clusterInput.entries;
export const clusterAnswer = v.strictObject({
  ...clusterInput.entries,
  partition: partition.wrapped,
  sets: sets.wrapped,
  adminGroups: adminGroups.wrapped,
  ...shared,
} satisfies FieldsOf<RecordAnswer<'cluster'>>);

export const setAnswer = v.strictObject({
  ...setInput.entries,
  ...shared,
} satisfies FieldsOf<RecordAnswer<'set'>>);

export const bindingAnswer = v.strictObject({
  ...bindingInput.entries,
  username: bindingInput.entries.username.wrapped,
  ...shared,
} satisfies FieldsOf<RecordAnswer<'binding'>>);

export const mappingAnswer = v.strictObject({
  ...mappingInput.entries,
  id: v.string(),
  owner,
  principalKey: v.string(),
  staleKey,
  contributions: v.optional(v.record(v.string(), v.strictObject({ username: v.string(), groups: texts }))),
  ...shared,
} satisfies FieldsOf<RecordAnswer<'mapping'>>);

/** `alsoDenied`, of a POST: the ids of the denials of the same user's unique ids. */
const denialParts = {
  id: v.string(),
  reason: v.string(),
  principalKey: v.string(),
  /** The session name as it is compared: in lower case. */
  sessionKey: v.optional(v.string()),
  staleKey,
  alsoDenied: v.optional(texts),
  ...shared,
};
const sessionName = v.optional(v.string());
const userArn = v.optional(v.string());
export const denialAnswer = v.union([
  v.strictObject({ principal, sessionName, ...denialParts }),
  v.strictObject({ principalId: v.string(), userArn, sessionName, ...denialParts }),
  v.strictObject({ accessKeyId: v.string(), sessionName, ...denialParts }),
]);

export const webhookTokenAnswer = v.strictObject({
  id: v.string(),
  hash: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  createdAt: instant,
  createdBy: v.string(),
} satisfies FieldsOf<WebhookToken>);

/** The one time that the token is shown. */
export const newWebhookTokenAnswer = v.strictObject({
  id: v.string(),
  token: v.string(),
  createdAt: instant,
});

/** Any record, as it was sent: a change can be of any kind. */
export const anyRecord: v.GenericSchema<unknown, object> = v.record(v.string(), v.unknown());

/** What a write with `?dryRun=true` would do. */
export const dryRunAnswer = v.strictObject({
  dryRun: v.literal(true),
  action: v.picklist(['create', 'update', 'delete', 'none']),
  before: v.optional(anyRecord),
  after: v.optional(anyRecord),
  warnings: v.optional(texts),
});

/** An item of the table that is damaged, or written by a newer version: it is not in the list, and not absent. */
const unreadableItem = v.strictObject({ kind: v.string(), key: v.string(), reason: v.string() });

export const listOf = <const T extends v.GenericSchema>(item: T) =>
  v.strictObject({
    items: listSchema(item),
    cursor: v.optional(v.string()),
    unreadable: v.optional(listSchema(unreadableItem)),
  });

const entry = v.strictObject({ path: v.string(), message: v.string() });

export const problemAnswer = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: whole,
  code: v.string(),
  detail: v.string(),
  errors: v.optional(listSchema(entry)),
  clusters: v.optional(texts),
});

/** What a change can be about. */
export const changeKinds: readonly (RecordKind | 'webhook-token')[] = [...writeOrder, 'webhook-token'];

export const changeAnswer = v.strictObject({
  id: v.string(),
  at: instant,
  actor: v.string(),
  target: v.string(),
  kind: v.picklist(changeKinds),
  action: v.picklist(['create', 'update', 'delete']),
  version: whole,
  previous: v.optional(v.string()),
  rollbackOf: v.optional(v.string()),
  note: v.optional(v.string()),
  ref: anyRecord,
  before: v.optional(anyRecord),
  after: v.optional(anyRecord),
  /** A change is logged before it is written: `not_applied` if the writer lost to another. */
  fate: v.picklist(['applied', 'not_applied', 'unknown']),
});

/** A failure of a review, or `denied` of an access row. */
const refusal = v.strictObject({ code: v.string(), detail: v.string(), reason: v.optional(v.string()) });

export const accessRow = v.strictObject({
  clusterId: v.string(),
  principal,
  /** The unique id that the row is about, if an entry is pinned. */
  principalId: v.optional(v.string()),
  /** Which of the principal's callers the row is about; absent: all. */
  callers: v.optional(v.picklist(['roles', 'users', 'ec2-instances'])),
  /** Absent if refused. What only a caller has is shown as its placeholder: `{{SessionName}}`. */
  username: v.optional(v.string()),
  groups: texts,
  grantedBy: listSchema(
    v.strictObject({
      mappingId: v.string(),
      scope,
      owner,
      since: instant,
      by: v.string(),
      expiresAt: v.optional(v.string()),
    }),
  ),
  denied: v.optional(refusal),
  /** Sessions that are denied one by one. */
  deniedSessions: v.optional(texts),
});

export const explainAnswer = v.strictObject({
  clusterId: v.string(),
  canonicalArn: v.string(),
  outcome: v.picklist(['verified', 'denied']),
  /** `verified`, or a code of docs/error-codes.md. */
  code: v.string(),
  detail: v.string(),
  username: v.optional(v.string()),
  groups: v.optional(texts),
  /** The id of the mapping that names the user. */
  namedBy: v.optional(v.string()),
  /** Every mapping that matches, narrowest first: what it grants, or why it grants nothing. */
  entries: listSchema(
    v.strictObject({
      mappingId: v.string(),
      scope,
      owner,
      principal,
      live: v.boolean(),
      username: v.optional(v.string()),
      groups: v.optional(texts),
      code: v.optional(v.string()),
      detail: v.optional(v.string()),
    }),
  ),
  denials: listSchema(
    v.strictObject({
      denialId: v.string(),
      reason: v.string(),
      sessionName: v.optional(v.string()),
      /** What the denial leaves open, and what to deny instead. */
      warnings: texts,
    }),
  ),
  /** Denials that would hold under a condition that `detail` names. */
  nearDenials: listSchema(
    v.strictObject({
      denialId: v.string(),
      subject: v.string(),
      sessionName: v.optional(v.string()),
      differs: v.picklist(denialDifferences),
      detail: v.string(),
    }),
  ),
  nearMisses: listSchema(
    v.strictObject({
      mappingId: v.string(),
      scope,
      principal,
      differs: v.picklist(mappingDifferences),
      detail: v.string(),
    }),
  ),
  /** False if there were too many entries to compare with all of them. */
  nearMissesComplete: v.boolean(),
  /** What was assumed, since only a token could tell. */
  assumptions: texts,
});
