/**
 * The reads of a review, over whichever client makes the calls: strongly consistent, complete or *unavailable*,
 * and never guessing. What is damaged is unavailable too: a denial that cannot be read must not be overlooked.
 */
import * as v from 'valibot';
import { ok, unavailable } from '../../errors.ts';
import type { Result, Unavailable } from '../../errors.ts';
import { recordOf } from '../../json/record-schema.ts';
import { decodeWebhookToken } from '../layout/webhook-token-item.ts';
import type { StoredWebhookToken } from '../layout/webhook-token-item.ts';
import { backOff } from '../../async/backoff.ts';
import type { Random } from '../../async/backoff.ts';
import { clusterKind } from '../../records/cluster.ts';
import { denialKind } from '../../records/denial.ts';
import { mappingKind } from '../../records/mapping.ts';
import { decodeWith } from '../layout/codec.ts';
import { clusterCodec, denialCodec, mappingCodec } from '../layout/review-codecs.ts';
import { toWireKey } from './dynamo-reads.ts';
import type { BatchGetItemInput, DynamoReads } from './dynamo-reads.ts';
import { toKeyedItem } from '../layout/items.ts';
import type { KeyedItem } from '../layout/items.ts';
import { decodeItem } from '../layout/unreadable.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { clusterIdOf, clusterPartition, denialKey, mappingKey, mappingRefOf } from '../layout/keys.ts';
import type { ItemKey } from '../layout/keys.ts';
import type { ClusterWithTokens, ReviewReader } from '../ports.ts';
import type { Entries } from '../../records/lookup.ts';

/** DynamoDB takes at most 100 keys in a BatchGetItem. A review needs 6 to 28. */
const keysPerCall = 100;
/** How often keys that DynamoDB left unprocessed are asked for again. */
const unprocessedRetries = 4;
/** A cluster and its webhook tokens are a few kilobytes; a page is 1 MB. */
const maxClusterPages = 5;

const QueryAnswer = v.object({
  Items: v.array(v.unknown()),
  LastEvaluatedKey: v.optional(recordOf(v.object({ S: v.string() }))),
});
const BatchAnswer = v.object({
  Responses: recordOf(v.array(v.unknown())),
  UnprocessedKeys: v.optional(recordOf(v.object({ Keys: v.array(recordOf(v.object({ S: v.string() }))) }))),
});

type WireKeys = Record<string, { S: string }>[];

const failed = (cause: string) => unavailable('store_unavailable', { cause });

export interface ReviewReadsOptions {
  readonly table: string;
  readonly reads: DynamoReads;
  /** Default `Math.random`. */
  readonly random?: Random | undefined;
}

export function reviewReaderOver({ table, reads, random = Math.random }: ReviewReadsOptions): ReviewReader {
  return {
    async readCluster(id, signal) {
      const items = await queryPartition(table, reads, clusterPartition(id), signal);
      return items.ok ? toCluster(items.value) : items;
    },
    async readEntries(lookup, signal) {
      const keys = [...lookup.mappings.map(mappingKey), ...lookup.denials.map(denialKey)];
      const items = await readItems({ table, reads, random }, keys, signal);
      return items.ok ? toEntries(items.value) : items;
    },
  };
}

/** All of these items that there are, in no order: one BatchGetItem for each hundred of them. */
export async function readItems(
  { table, reads, random = Math.random }: ReviewReadsOptions,
  keys: readonly ItemKey[],
  signal: AbortSignal,
): Promise<Result<readonly KeyedItem[], Unavailable>> {
  const wanted = distinct(keys);
  const items: KeyedItem[] = [];
  for (let at = 0; at < wanted.length; at += keysPerCall) {
    const some = await batchGet(table, reads, wanted.slice(at, at + keysPerCall), random, signal);
    if (!some.ok) return some;
    items.push(...some.value);
  }
  return ok(items);
}

const distinct = (keys: readonly ItemKey[]): WireKeys => [
  ...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, toWireKey(key)])).values(),
];

async function queryPartition(
  table: string,
  reads: DynamoReads,
  pk: string,
  signal: AbortSignal,
): Promise<Result<readonly KeyedItem[], Unavailable>> {
  const items: KeyedItem[] = [];
  let start: Record<string, { S: string }> | undefined;
  for (let count = 0; count < maxClusterPages; count += 1) {
    const answer = await reads.query(
      {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      },
      signal,
    );
    if (!answer.ok) return answer;
    const parsed = v.safeParse(QueryAnswer, answer.value);
    if (!parsed.success) return failed('malformed answer to Query');
    const page = toItems(parsed.output.Items);
    if (!page.ok) return page;
    items.push(...page.value);
    start = parsed.output.LastEvaluatedKey;
    if (start === undefined) return ok(items);
  }
  return failed('too many pages of one cluster');
}

/** One BatchGetItem, repeated only for the keys that DynamoDB says it did not get to. */
async function batchGet(
  table: string,
  reads: DynamoReads,
  keys: WireKeys,
  random: Random,
  signal: AbortSignal,
): Promise<Result<readonly KeyedItem[], Unavailable>> {
  const items: KeyedItem[] = [];
  let pending = keys;
  for (let attempt = 0; attempt <= unprocessedRetries; attempt += 1) {
    if (attempt > 0 && !(await backOff(attempt, random, signal))) break;
    const input: BatchGetItemInput = { RequestItems: { [table]: { ConsistentRead: true, Keys: pending } } };
    const answer = await reads.batchGetItem(input, signal);
    if (!answer.ok) return answer;
    const parsed = v.safeParse(BatchAnswer, answer.value);
    if (!parsed.success) return failed('malformed answer to BatchGetItem');
    const page = toItems(Object.values(parsed.output.Responses).flat());
    if (!page.ok) return page;
    items.push(...page.value);
    pending = Object.values(parsed.output.UnprocessedKeys ?? {}).flatMap(({ Keys }) => Keys);
    if (pending.length === 0) return ok(items);
  }
  return failed('keys left unprocessed');
}

function toItems(items: readonly unknown[]): Result<readonly KeyedItem[], Unavailable> {
  const keyed = items.map(toKeyedItem);
  return keyed.every((item) => item !== undefined) ? ok(keyed) : failed('malformed item in an answer');
}

/** The cluster among its items, and the webhook tokens that were created for this creation of it. */
function toCluster(items: readonly KeyedItem[]): Decoded<ClusterWithTokens | undefined> {
  const item = items.find((other) => clusterIdOf(other) !== undefined);
  if (item === undefined) return ok(undefined);
  const state = decodeItem(clusterKind.schemaVersion, item, (envelope) =>
    decodeWith('cluster', clusterCodec, envelope),
  );
  if (!state.ok) return state;
  if (state.value.state === 'deleted') return ok(undefined);
  const { stored } = state.value;
  const tokens: StoredWebhookToken[] = [];
  for (const other of items) {
    if (other === item) continue;
    const token = decodeWebhookToken(other);
    if (!token.ok) return token;
    if (token.value?.clusterCreatedAt === stored.createdAt) tokens.push(token.value);
  }
  return ok({
    cluster: stored,
    webhookTokens: tokens.map(({ id, hash, createdAt, createdBy }) => ({ id, hash, createdAt, createdBy })),
  });
}

function toEntries(items: readonly KeyedItem[]): Decoded<Entries> {
  const mappings: Entries['mappings'][number][] = [];
  const denials: Entries['denials'][number][] = [];
  for (const item of items) {
    const state =
      mappingRefOf(item) === undefined
        ? decodeItem(denialKind.schemaVersion, item, (envelope) =>
            decodeWith('denial', denialCodec, envelope),
          )
        : decodeItem(mappingKind.schemaVersion, item, (envelope) =>
            decodeWith('mapping', mappingCodec, envelope),
          );
    if (!state.ok) return state;
    if (state.value.state === 'deleted') continue;
    if (state.value.kind === 'mapping') mappings.push(state.value.stored);
    else denials.push(state.value.stored);
  }
  return ok({ mappings, denials });
}
