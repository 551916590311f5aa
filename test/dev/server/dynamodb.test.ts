import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

  test('keeps its data in its folder over a restart', async () => {
    await withStore(async (store, created) => {
      expect(created).toBe(true);
      await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
    });
    await withStore(async (store, created) => {
      expect(created).toBe(false);
      expect(must(await store.read('cluster', { id: 'demo' }))).toMatchObject({ state: 'live', version: 1 });
    });
  });

  test('refuses a folder that a running process has locked, and replaces a stale lock', async () => {
    const first = await startDynamoDb({ directory });
    await expect(startDynamoDb({ directory })).rejects.toThrow(`is in use by process ${process.pid}`);
    await first.close();
    // No process has this id: it is larger than any that a kernel assigns.
    writeFileSync(join(directory, 'countersign.lock'), '2147483646\n');
    await (await startDynamoDb({ directory })).close();
  });

  test('fails if its port is in use, and unlocks the folder', async () => {
    const first = await startDynamoDb();
    const port = Number(new URL(first.endpoint).port);
    await expect(startDynamoDb({ directory, port })).rejects.toThrow('EADDRINUSE');
    await (await startDynamoDb({ directory })).close();
    await first.close();
  });

  test('closes although a client still has an open connection', async () => {
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
