/** The two calls that a review makes, as both adapters offer them: the signed client and the AWS SDK. */
import type { Result, Unavailable } from '../../errors.ts';
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

/** Answers are as DynamoDB gives them, not yet parsed. Both are reads, and may be sent again. */
export interface DynamoReads {
  query(input: QueryInput, signal: AbortSignal): Promise<Result<unknown, Unavailable>>;
  batchGetItem(input: BatchGetItemInput, signal: AbortSignal): Promise<Result<unknown, Unavailable>>;
}

export const toWireKey = ({ pk, sk }: ItemKey): Record<string, { S: string }> => ({
  pk: { S: pk },
  sk: { S: sk },
});
