/** A table of one's own, on dynalite in this process or on a DynamoDB that is already running. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '../../dev/dynamodb.ts';
import type { Instant } from '../../lib/errors.ts';
import { createStore } from '../../lib/store/dynamodb.ts';
import type { Store } from '../../lib/store/ports.ts';
import { createDynamoDbClient } from '../../lib/store/table-client.ts';
import { createTable } from '../../lib/store/table-definition.ts';

/** Any will do: dynalite and DynamoDB Local check that requests are signed, not by whom. */
export const localCredentials = { accessKeyId: 'AKIALOCALTEST0000001', secretAccessKey: 'local-test-secret' };
export const localRegion = 'us-east-1';

export interface TestTable {
  readonly endpoint: string;
  readonly table: string;
  readonly client: DynamoDBClient;
  /** A store on the table; `clock` is `Date.now` unless given. */
  store(options?: { readonly clock?: () => Instant; readonly endpoint?: string }): Store;
  close(): Promise<void>;
}

/** A new table; `endpoint` names a running DynamoDB, else dynalite is started for it. */
export async function createTestTable(endpoint?: string): Promise<TestTable> {
  const local = endpoint === undefined ? await startDynamoDb() : undefined;
  const at = local?.endpoint ?? endpoint ?? '';
  const table = `countersign-${randomUUID()}`;
  const connect = (dynamodbEndpoint: string): DynamoDBClient =>
    createDynamoDbClient({ region: localRegion, dynamodbEndpoint, credentials: localCredentials });
  const client = connect(at);
  await createTable(client, table);
  const clients = [client];
  return {
    endpoint: at,
    table,
    client,
    store(options = {}) {
      const own = options.endpoint === undefined ? client : connect(options.endpoint);
      if (own !== client) clients.push(own);
      return createStore({ region: localRegion, table, client: own, clock: options.clock });
    },
    async close() {
      for (const each of clients) each.destroy();
      await local?.close();
    },
  };
}
