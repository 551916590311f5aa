import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../dev/server/dynamodb.ts';
import { createStore } from '../../../lib/store/dynamodb/store.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { createDynamoDbClient } from '../../../lib/store/dynamodb/table-client.ts';
import { createTable } from '../../../lib/store/layout/table-definition.ts';
import { localCredentials, localRegion } from '../../fixtures/dynamodb.ts';
import { cluster } from '../../fixtures/records.ts';
import { must, put } from '../../fixtures/store-writes.ts';

describe('the embedded DynamoDB', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'countersign-data-'))));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const withStore = async (use: (store: Store, created: boolean) => Promise<void>): Promise<void> => {
    const db = await startDynamoDb({ directory });
    const options = { region: localRegion, dynamodbEndpoint: db.endpoint, credentials: localCredentials };
    const client = createDynamoDbClient(options);
    try {
      const created = await createTable(client, 'countersign');
      await use(createStore({ ...options, client, table: 'countersign' }), created);
    } finally {
      client.destroy();
      await db.close();
    }
  };

  it('keeps what it holds in its folder', async () => {
    await withStore(async (store, created) => {
      expect(created).toBe(true);
      await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
    });
    await withStore(async (store, created) => {
      expect(created).toBe(false);
      expect(must(await store.read('cluster', { id: 'demo' }))).toMatchObject({ state: 'live', version: 1 });
    });
  });

  it('refuses a folder that a running process uses, and takes over that of one that has ended', async () => {
    const first = await startDynamoDb({ directory });
    await expect(startDynamoDb({ directory })).rejects.toThrow(`is in use by process ${process.pid}`);
    await first.close();
    // No process has this number: it is beyond what kernels give out.
    writeFileSync(join(directory, 'countersign.lock'), '2147483646\n');
    await (await startDynamoDb({ directory })).close();
  });

  it('says when its port is taken, and leaves the folder free', async () => {
    const first = await startDynamoDb();
    const port = Number(new URL(first.endpoint).port);
    await expect(startDynamoDb({ directory, port })).rejects.toThrow('EADDRINUSE');
    await (await startDynamoDb({ directory })).close();
    await first.close();
  });

  it('ends while a client still holds a connection', async () => {
    const db = await startDynamoDb();
    const client = createDynamoDbClient({
      region: localRegion,
      dynamodbEndpoint: db.endpoint,
      credentials: localCredentials,
    });
    await createTable(client, 'countersign');
    const began = Date.now();
    await db.close();
    expect(Date.now() - began).toBeLessThan(1500);
    client.destroy();
  });
});
