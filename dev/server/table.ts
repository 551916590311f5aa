/** The table of `countersign dev`: embedded, or in a DynamoDB that runs on this machine. */
import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../lib/errors.ts';
import { bulkLoad } from '../../lib/store/dynamodb/bulk-load.ts';
import { createTable } from '../../lib/store/layout/table-definition.ts';
import { createDynamoDbClient } from '../../lib/store/dynamodb/table-client.ts';
import { hashWebhookToken } from '../../lib/token/webhook-token.ts';
import { isLoopbackHost } from '../../lib/net/loopback.ts';
import { startDynamoDb } from './dynamodb.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import type { Fixture } from '../fixture/read.ts';

export const tableName = 'countersign-dev';

type TableCredentials = Pick<AwsCredentials, 'accessKeyId' | 'secretAccessKey'>;

/** For a DynamoDB of the user's: it does not check them, but keeps tables by access key id. */
const localCredentials = { accessKeyId: 'countersigndev', secretAccessKey: 'countersigndev' };

/** For the embedded one, which accepts no other key: neither a web page nor another user of this machine knows it. */
const newCredentials = (): TableCredentials => ({
  accessKeyId: `dev${randomBytes(16).toString('hex')}`,
  secretAccessKey: 'countersigndev',
});

export interface TableOptions {
  readonly region: string;
  /** Default: the embedded DynamoDB. */
  readonly endpoint: string | undefined;
  /** The data folder of the embedded DynamoDB. Default: in memory. */
  readonly directory: string | undefined;
}

export interface OpenTable {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly credentials: TableCredentials;
  close(): Promise<void>;
}

/** @throws Error of one sentence if the endpoint is not loopback, or the data cannot be opened */
export async function openTable({ region, endpoint, directory }: TableOptions): Promise<OpenTable> {
  if (endpoint !== undefined && !isLoopbackUrl(endpoint)) {
    throw new Error(
      `--dynamodb-endpoint must be an http URL of this machine, such as http://127.0.0.1:8000, and is ${endpoint}: the admin API is open here.`,
    );
  }
  const credentials = endpoint === undefined ? newCredentials() : localCredentials;
  const used =
    endpoint === undefined
      ? await startEmbedded(directory, credentials.accessKeyId)
      : { endpoint, close: () => Promise.resolve() };
  const client = createDynamoDbClient({
    region,
    dynamodbEndpoint: used.endpoint,
    credentials,
  });
  const close = async (): Promise<void> => {
    client.destroy();
    await used.close();
  };
  try {
    await createTable(client, tableName);
  } catch (error) {
    await close();
    const where =
      directory === undefined ? used.endpoint : `in ${directory} (is another countersign dev using it?)`;
    throw new Error(`The table ${where} cannot be used: ${reasonOf(error)}.`, { cause: error });
  }
  return { client, endpoint: used.endpoint, credentials, close };
}

async function startEmbedded(
  directory: string | undefined,
  accessKeyId: string,
): ReturnType<typeof startDynamoDb> {
  try {
    return await startDynamoDb({ directory, accessKeyId });
  } catch (error) {
    const where = directory === undefined ? 'cannot start' : `cannot keep its data in ${directory}`;
    throw new Error(`The embedded DynamoDB ${where}: ${reasonOf(error)}.`, { cause: error });
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error))
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');

function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === 'http:' && isLoopbackHost(host) && `${username}${password}` === '';
}

export interface FillOptions {
  readonly client: DynamoDBClient;
  readonly clock: () => Instant;
  /** The creator of every record. */
  readonly actor: string;
  readonly onProgress: (done: number, total: number) => void;
}

/** Puts the fixture's records into an empty table. Returns `false`, and writes nothing, if the table is not empty. */
export function fillTable(
  fixture: Fixture,
  { client, clock, actor, onProgress }: FillOptions,
): Promise<boolean> {
  const clusters = fixture.clusters.map(({ webhookTokens, ...cluster }) => ({ cluster, webhookTokens }));
  return bulkLoad(
    {
      sets: fixture.sets,
      clusters: clusters.map(({ cluster }) => cluster),
      webhookTokens: clusters.flatMap(({ cluster, webhookTokens }) =>
        webhookTokens.map((token) => ({ clusterId: cluster.id, hash: hashWebhookToken(token) })),
      ),
      mappings: fixture.mappings.map((mapping) => ({ ...mapping, owner: 'manual' })),
      denials: fixture.denials,
      bindings: fixture.bindings,
    },
    { client, table: tableName, actor, clock, onProgress },
  );
}
