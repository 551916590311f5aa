import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkLoad } from '../../../../lib/store/dynamodb/bulk-load.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import {
  binding,
  cluster,
  denial,
  denialRefOf,
  mapping,
  mappingRef,
  tokenHash,
} from '../../../fixtures/records.ts';
import { must, put } from '../../../fixtures/store-writes.ts';

const signal = new AbortController().signal;

describe('a bulk load', () => {
  let table: TestTable;
  let store: Store;
  const progress: [number, number][] = [];
  const records = {
    clusters: [cluster('demo', { sets: ['prod'] })],
    webhookTokens: [{ clusterId: 'demo', hash: tokenHash('a') }],
    sets: [{ name: 'prod' }],
    mappings: Array.from({ length: 60 }, (_, index) => mapping(`role-${index}`)),
    denials: [denial('mallory', 'eve')],
    bindings: [binding('developers')],
  };
  const load = () =>
    bulkLoad(records, {
      client: table.client,
      table: table.table,
      actor: 'fixture',
      clock: Date.now,
      onProgress: (done, total) => void progress.push([done, total]),
    });

  beforeAll(async () => {
    table = await createTestTable();
    store = table.store();
  });
  afterAll(() => table.close());

  test('fills an empty table and reports its progress', async () => {
    expect(await load()).toBe(true);
    const total = 2 * (1 + 1 + 1 + 60 + 1 + 1);
    expect(progress.at(-1)).toEqual([total, total]);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b));
  });

  test('creates records that can be read by key, listed, found in the log and changed', async () => {
    expect(must(await store.readCluster('demo', signal))).toMatchObject({
      cluster: { sets: ['prod'], version: 1, createdBy: 'fixture' },
      webhookTokens: [{ hash: tokenHash('a') }],
    });
    expect(must(await store.listMappingsByScope('cluster/demo', { limit: 100 })).items).toHaveLength(60);
    expect(must(await store.read('denial', denialRefOf('mallory', 'eve'))).state).toBe('live');
    expect(must(await store.read('binding', { id: 'developers' })).state).toBe('live');
    const { change } = await put(
      store,
      'mapping',
      mappingRef(mapping('role-7')),
      mapping('role-7', { groups: [] }),
    );
    const history = must(await store.listChanges({ target: change.target }, { limit: 10 })).items;
    expect(history.map(({ version, actor }) => [version, actor])).toEqual([
      [2, change.actor],
      [1, 'fixture'],
    ]);
    expect(must(await store.wasApplied(history[1]!))).toBe('applied');
  });

  test('refuses a table that is not empty', async () => {
    progress.length = 0;
    expect(await load()).toBe(false);
    expect(progress).toEqual([]);
  });
});
