/** The calls of the full adapter, by the AWS SDK: plain items in and out, failures as values. */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Result, Unavailable, UnreadableItem } from '../../errors.ts';
import { ok, unavailable } from '../../errors.ts';
import { verifiedRequestHandler } from '../../net/verified-tls.ts';
import type { Condition } from '../layout/conditions.ts';
import type { DynamoReads } from '../review/dynamo-reads.ts';
import { toKeyedItem, toPlain } from '../layout/items.ts';
import type { KeyedItem, PlainItem } from '../layout/items.ts';
import { indexName } from '../layout/keys.ts';
import type { ItemKey } from '../layout/keys.ts';

export interface RangeQuery {
  /** The partition: of the table, or of the index. */
  readonly partition: string;
  readonly index: boolean;
  /** Sort keys: a prefix, or from and to (both included). Absent: all. */
  readonly sort?: { readonly prefix: string } | { readonly from: string; readonly to: string } | undefined;
  readonly newestFirst?: boolean | undefined;
  readonly limit: number;
  readonly start?: PlainItem | undefined;
}

export interface QueryPage {
  readonly items: readonly KeyedItem[];
  readonly lastKey?: PlainItem | undefined;
}

export type PutResult = 'done' | 'condition_failed';

export interface TableClient {
  readonly reads: DynamoReads;
  /** Strongly consistent. `undefined`: there is no such item. */
  get(key: ItemKey, signal?: AbortSignal): Promise<Result<KeyedItem | undefined, Unavailable>>;
  put(item: PlainItem, condition?: Condition): Promise<Result<PutResult, Unavailable>>;
  /** One page; strongly consistent unless it is of the index. */
  query(query: RangeQuery, signal?: AbortSignal): Promise<Result<QueryPage, Unavailable>>;
  /** Called with each item that was found and cannot be read. */
  readonly onUnreadable: (item: UnreadableItem) => void;
}

/** Without the option, `marshall` mistakes an object with a key `constructor`, such as a binding's id, for a class instance. */
export const toWireItem = (item: PlainItem) =>
  marshall(item, { removeUndefinedValues: true, convertClassInstanceToMap: true });

const failed = (cause: string, operation?: 'write') =>
  unavailable('store_unavailable', { cause, ...(operation === undefined ? {} : { operation }) });
const malformed = failed('malformed answer');

export interface ClientOptions {
  readonly region: string;
  /** Default: the region's public endpoint. */
  readonly dynamodbEndpoint?: string | undefined;
  /** Default: the SDK's own chain. */
  readonly credentials?: DynamoDBClientConfig['credentials'];
}

/** Time-outs in milliseconds; the SDK tries up to three times, with jitter. */
export function createDynamoDbClient({
  region,
  dynamodbEndpoint,
  credentials,
}: ClientOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    ...(dynamodbEndpoint === undefined ? {} : { endpoint: dynamodbEndpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 3,
    requestHandler: {
      ...verifiedRequestHandler,
      connectionTimeout: 2000,
      requestTimeout: 3000,
      throwOnRequestTimeout: true,
    },
  });
}

export function createTableClient(
  client: DynamoDBClient,
  table: string,
  onUnreadable: TableClient['onUnreadable'] = () => {},
): TableClient {
  return {
    onUnreadable,
    reads: createReads(client),
    get: (key, signal) =>
      attempt(async () => {
        const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true });
        const { Item } = await client.send(command, withSignal(signal));
        if (Item === undefined) return ok(undefined);
        const item = toKeyedItem(Item);
        return item === undefined ? malformed : ok(item);
      }),
    put: (item, condition) =>
      attempt(async () => {
        const command = new PutItemCommand({
          TableName: table,
          Item: toWireItem(item),
          ...(condition === undefined ? {} : toConditionInput(condition)),
        });
        await client.send(command);
        return ok('done');
      }, putFailed),
    query: (query, signal) =>
      attempt(async () => {
        const answer = await client.send(new QueryCommand(toQueryInput(table, query)), withSignal(signal));
        const items = (answer.Items ?? []).map(toKeyedItem);
        const lastKey = answer.LastEvaluatedKey === undefined ? undefined : toPlain(answer.LastEvaluatedKey);
        return items.every((item) => item !== undefined) ? ok({ items, lastKey }) : malformed;
      }),
  };
}

/** The calls of a review, for the reads that both adapters share. */
const createReads = (client: DynamoDBClient): DynamoReads => ({
  query: (input, signal) =>
    attempt(async () => ok(await client.send(new QueryCommand(input), withSignal(signal)))),
  batchGetItem: (input, signal) =>
    attempt(async () => ok(await client.send(new BatchGetItemCommand(input), withSignal(signal)))),
});

const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

function toConditionInput({ expression, values }: Condition) {
  return {
    ConditionExpression: expression,
    // DynamoDB refuses an empty map.
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: marshall(values) }),
  };
}

function toQueryInput(table: string, query: RangeQuery): QueryCommandInput {
  const [pk, sk] = query.index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
  const { expression, values } = toSortCondition(sk, query.sort);
  return {
    TableName: table,
    ...(query.index ? { IndexName: indexName } : { ConsistentRead: true }),
    KeyConditionExpression: `${pk} = :partition${expression}`,
    ExpressionAttributeValues: marshall({ ':partition': query.partition, ...values }),
    ScanIndexForward: query.newestFirst !== true,
    Limit: query.limit,
    ...(query.start === undefined ? {} : { ExclusiveStartKey: marshall(query.start) }),
  };
}

function toSortCondition(sk: string, sort: RangeQuery['sort']) {
  if (sort === undefined) return { expression: '', values: {} };
  return 'prefix' in sort
    ? { expression: ` AND begins_with(${sk}, :prefix)`, values: { ':prefix': sort.prefix } }
    : { expression: ` AND ${sk} BETWEEN :from AND :to`, values: { ':from': sort.from, ':to': sort.to } };
}

const putFailed = (error: unknown): Result<'condition_failed', Unavailable> =>
  error instanceof ConditionalCheckFailedException ? ok('condition_failed') : failed(nameOf(error), 'write');

/** Messages may quote items: of an error, its name only. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');

/** Whether DynamoDB judged a request itself to be wrong: trying again does not help. */
export const isRefused = (failure: Unavailable): boolean =>
  failure.code === 'store_unavailable' && failure.data.cause === 'ValidationException';

/** Runs a call. Its error becomes *unavailable*. */
async function attempt<T>(
  call: () => Promise<Result<T, Unavailable>>,
  recover: (error: unknown) => Result<T, Unavailable> = (error) => failed(nameOf(error)),
): Promise<Result<T, Unavailable>> {
  try {
    return await call();
  } catch (error) {
    return recover(error);
  }
}
