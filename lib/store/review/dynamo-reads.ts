/**
 * The two calls of a review, as the signed client and the AWS SDK both offer them, and complete reads by them:
 * every page of a partition, every key of a batch, or *unavailable*.
 */
import * as v from 'valibot';
import { backOff } from '../../async/backoff.ts';
import type { Random } from '../../async/backoff.ts';
import { ok, unavailable } from '../../errors.ts';
import type { Result, Unavailable } from '../../errors.ts';
import { recordOf } from '../../json/record-schema.ts';
import { toKeyedItem } from '../layout/items.ts';
import type { KeyedItem } from '../layout/items.ts';
import type { ItemKey } from '../layout/keys.ts';

export interface QueryInput {
  readonly TableName: string;
  readonly ConsistentRead: true;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeValues: Record<string, { S: string }>;
  readonly ExclusiveStartKey?: Record<string, { S: string }>;
}

export interface BatchGetItemInput {
  readonly RequestItems: Record<string, { ConsistentRead: true; Keys: Record<string, { S: string }>[] }>;
}

/** Answers are as DynamoDB returns them, not yet parsed. Both are reads, and may be sent again. */
export interface DynamoReads {
  query(input: QueryInput, signal: AbortSignal): Promise<Result<unknown, Unavailable>>;
  batchGetItem(input: BatchGetItemInput, signal: AbortSignal): Promise<Result<unknown, Unavailable>>;
}

const toWireKey = ({ pk, sk }: ItemKey): Record<string, { S: string }> => ({
  pk: { S: pk },
  sk: { S: sk },
});

/** DynamoDB accepts at most 100 keys in a BatchGetItem. A review needs 6 to 28. */
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

export interface TableReads {
  readonly table: string;
  readonly reads: DynamoReads;
  /** Default `Math.random`. */
  readonly random?: Random | undefined;
}

/** All of these items that there are, in no order: one BatchGetItem for each hundred of them. */
export async function readItems(
  { table, reads, random = Math.random }: TableReads,
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

/** Every item of a partition. */
export async function queryPartition(
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

/** One BatchGetItem, repeated only for the keys that DynamoDB reports as unprocessed. */
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
