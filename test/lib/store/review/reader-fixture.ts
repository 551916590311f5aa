/** Runs the same tests with every adapter of the review path's read port, on every engine. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import { createReviewReader } from '../../../../lib/store/review/dynamodb-http.ts';
import type { ReviewReader, Store } from '../../../../lib/store/ports.ts';
import { createTestTable, localCredentials, localRegion } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { startDynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';
import type { DynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';
import { cluster, mapping, mappingRef } from '../../../fixtures/records.ts';
import { put } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const adapters = ['signed client', 'AWS SDK'] as const;

/** Filled before the first test. The table holds cluster demo and the mapping of alice. */
export interface ReaderFixture {
  readonly testTable: TestTable;
  /** Between the reader and the engine. */
  readonly proxy: DynamoDbProxy;
  /** Writes past the proxy. */
  readonly store: Store;
  readonly reader: ReviewReader;
}

export const aliceOnly = { mappings: [mappingRef(mapping('alice'))], denials: [] };
export const by = { actor: 'admin' };
export const soon = (): AbortSignal => AbortSignal.timeout(10_000);

async function createFixture(adapter: (typeof adapters)[number], engine: string): Promise<ReaderFixture> {
  const testTable = await createTestTable(engine);
  const proxy = await startDynamoDbProxy(testTable.endpoint);
  const store = testTable.store();
  const reader =
    adapter === 'AWS SDK'
      ? testTable.store({ endpoint: proxy.endpoint })
      : createReviewReader({
          table: testTable.table,
          region: localRegion,
          endpoint: proxy.endpoint,
          credentials: async () => localCredentials,
          clock: Date.now,
        });
  await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
  await put(store, 'mapping', mappingRef(mapping('alice')), mapping('alice'));
  return { testTable, proxy, store, reader };
}

/** Defines the tests once for each engine and adapter; they read the fixture when they run. */
export function describeEveryReader(define: (fixture: ReaderFixture) => void): void {
  describe.each(engines)('on $name', (engine) => {
    let running: LocalDynamoDb;
    beforeAll(async () => {
      if (engine.missing === undefined) running = await engine.start();
    });
    afterAll(() => running?.close());

    describe.skipIf(engine.missing !== undefined).each(adapters)('the read port by the %s', (adapter) => {
      const fixture = {} as ReaderFixture;
      beforeAll(async () => {
        Object.assign(fixture, await createFixture(adapter, running.endpoint));
      });
      afterAll(async () => {
        await fixture.proxy?.close();
        await fixture.testTable?.close();
      });
      beforeEach(() => fixture.proxy.reset());
      define(fixture);
    });
  });
}
