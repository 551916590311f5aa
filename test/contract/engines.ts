/** What the contract suite runs on: dynalite always, DynamoDB Local where there is Java. */
import { startDynamoDb } from '../../dev/server/dynamodb.ts';
import type { LocalDynamoDb } from '../../dev/server/dynamodb.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from '../fixtures/dynamodb-local.ts';

export interface Engine {
  readonly name: string;
  /** Why it cannot be had on this machine. */
  readonly missing?: string | undefined;
  start(): Promise<LocalDynamoDb>;
}

async function findLocal(): Promise<Engine> {
  const name = 'DynamoDB Local';
  const found = await findDynamoDbLocal();
  if ('home' in found) return { name, start: () => startDynamoDbLocal(found.home) };
  console.info(`DynamoDB Local is left out: ${found.missing}.`);
  return { name, missing: found.missing, start: () => Promise.reject(new Error(found.missing)) };
}

export const engines: readonly Engine[] = [
  { name: 'dynalite', start: () => startDynamoDb() },
  await findLocal(),
];
