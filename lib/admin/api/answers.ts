/** What the admin API answers, as schemas: the OpenAPI document shows them, and the tests hold every answer to them. */
import * as z from 'zod/mini';
import { bindingInput, clusterInput, mappingInput, setInput } from '../../records/schemas.ts';
import { principal, scope } from '../../records/fields.ts';

export const instant = z.string().check(z.meta({ format: 'date-time', description: 'RFC 3339, UTC' }));
const bookkeeping = {
  version: z.int().check(z.minimum(1)),
  createdAt: instant,
  createdBy: z.string(),
  updatedAt: instant,
  updatedBy: z.string(),
};
/** Legal, and worth a second look: sentences. */
const warnings = z.optional(z.array(z.string()));
const owner = z.enum(['manual', 'group-sync']);

export const clusterAnswer = z.strictObject({ ...clusterInput.shape, ...bookkeeping, warnings });
export const setAnswer = z.strictObject({ ...setInput.shape, ...bookkeeping, warnings });
export const bindingAnswer = z.strictObject({ ...bindingInput.shape, ...bookkeeping, warnings });

export const mappingAnswer = z.strictObject({
  ...mappingInput.shape,
  id: z.string(),
  owner,
  principalKey: z.string(),
  contributions: z.optional(
    z.record(z.string(), z.strictObject({ username: z.string(), groups: z.array(z.string()) })),
  ),
  ...bookkeeping,
  warnings,
});

export const denialAnswer = z.strictObject({
  id: z.string(),
  principal: z.optional(principal),
  principalId: z.optional(z.string()),
  accessKeyId: z.optional(z.string()),
  sessionName: z.optional(z.string()),
  reason: z.string(),
  principalKey: z.string(),
  ...bookkeeping,
  warnings,
});

export const webhookTokenAnswer = z.strictObject({
  id: z.string(),
  hash: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)),
  createdAt: instant,
  createdBy: z.string(),
});

/** The one time that the token is shown. */
export const newWebhookTokenAnswer = z.strictObject({
  id: z.string(),
  token: z.string(),
  createdAt: instant,
});

/** Any record, as it was given: a change can be of any kind. */
const anyRecord = z.record(z.string(), z.unknown());

/** What a write with `?dryRun=true` would do. */
export const dryRunAnswer = z.strictObject({
  dryRun: z.literal(true),
  action: z.enum(['create', 'update', 'delete', 'none']),
  before: z.optional(anyRecord),
  after: z.optional(anyRecord),
  warnings,
});

/** An item of the table that is damaged, or written by a newer version: it is not in the list, and not absent. */
const unreadableItem = z.strictObject({ kind: z.string(), key: z.string(), reason: z.string() });

export const listOf = <T extends z.ZodMiniType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    cursor: z.optional(z.string()),
    unreadable: z.optional(z.array(unreadableItem)),
  });

const entry = z.strictObject({ path: z.string(), message: z.string() });

export const problemAnswer = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.optional(z.array(entry)),
  clusters: z.optional(z.array(z.string())),
});

export const changeAnswer = z.strictObject({
  id: z.string(),
  at: instant,
  actor: z.string(),
  target: z.string(),
  kind: z.enum(['cluster', 'set', 'mapping', 'denial', 'binding', 'webhook-token']),
  action: z.enum(['create', 'update', 'delete']),
  version: z.int(),
  previous: z.optional(z.string()),
  rollbackOf: z.optional(z.string()),
  note: z.optional(z.string()),
  ref: anyRecord,
  before: z.optional(anyRecord),
  after: z.optional(anyRecord),
  /** A record comes before its change: `not_applied` where the writer lost to another. */
  fate: z.enum(['applied', 'not_applied', 'unknown']),
});

/** A failure of a review, or `denied` of an access row. */
const refusal = z.strictObject({ code: z.string(), detail: z.string(), reason: z.optional(z.string()) });

export const accessRow = z.strictObject({
  clusterId: z.string(),
  principal,
  /** The unique id that the row is about, where an entry is pinned. */
  principalId: z.optional(z.string()),
  /** Which of the principal's callers the row is about; absent: all. */
  callers: z.optional(z.enum(['roles', 'users', 'ec2-instances'])),
  /** Absent where refused. What a caller brings stands as its placeholder: `{{SessionName}}`. */
  username: z.optional(z.string()),
  groups: z.array(z.string()),
  grantedBy: z.array(
    z.strictObject({
      mappingId: z.string(),
      scope,
      owner,
      since: instant,
      by: z.string(),
      expiresAt: z.optional(z.string()),
    }),
  ),
  denied: z.optional(refusal),
  /** Sessions that are denied one by one. */
  deniedSessions: z.optional(z.array(z.string())),
});

export const explainAnswer = z.strictObject({
  clusterId: z.string(),
  canonicalArn: z.string(),
  outcome: z.enum(['verified', 'denied']),
  /** `verified`, or a code of docs/error-codes.md. */
  code: z.string(),
  detail: z.string(),
  username: z.optional(z.string()),
  groups: z.optional(z.array(z.string())),
  /** The id of the mapping that names the user. */
  namedBy: z.optional(z.string()),
  /** Every mapping that matches, narrowest first: what it gives, or why it gives nothing. */
  entries: z.array(
    z.strictObject({
      mappingId: z.string(),
      scope,
      owner,
      principal,
      live: z.boolean(),
      username: z.optional(z.string()),
      groups: z.optional(z.array(z.string())),
      code: z.optional(z.string()),
      detail: z.optional(z.string()),
    }),
  ),
  denials: z.array(
    z.strictObject({ denialId: z.string(), reason: z.string(), sessionName: z.optional(z.string()) }),
  ),
  nearMisses: z.array(
    z.strictObject({
      mappingId: z.string(),
      scope,
      principal,
      differs: z.enum(['path', 'case', 'account', 'partition', 'kind', 'scope', 'permission-set']),
      detail: z.string(),
    }),
  ),
  /** False where there were too many entries to compare with all of them. */
  nearMissesComplete: z.boolean(),
  /** What was taken for granted since only a token could tell. */
  assumptions: z.array(z.string()),
});
