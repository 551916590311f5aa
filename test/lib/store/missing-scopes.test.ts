import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../lib/store/layout/codecs.ts';
import { findMissingScopes, scopeExists } from '../../../lib/store/missing-scopes.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { createTestTable } from '../../fixtures/dynamodb.ts';
import type { TestTable } from '../../fixtures/dynamodb.ts';
import { cluster } from '../../fixtures/records.ts';
import { must, put, remove } from '../../fixtures/store-writes.ts';
import { damageRecord } from '../../fixtures/unreadable-items.ts';

describe('findMissingScopes', () => {
  let table: TestTable;
  let store: Store;
  beforeAll(async () => {
    table = await createTestTable();
    store = table.store();
  });
  afterAll(() => table.close());

  test('a scope is missing if its cluster or set is absent or deleted, and not if it is damaged', async () => {
    await put(store, 'cluster', { id: 'live' }, cluster('live'));
    await put(store, 'cluster', { id: 'damaged' }, cluster('damaged'));
    await put(store, 'set', { name: 'deleted' }, { name: 'deleted' });
    await remove(store, 'set', { name: 'deleted' });
    await damageRecord(table, keyOf('cluster', { id: 'damaged' }));
    const scopes = ['all', 'cluster/live', 'cluster/damaged', 'cluster/absent', 'set/deleted'] as const;
    expect([...must(await findMissingScopes(store, scopes))]).toEqual(['cluster/absent', 'set/deleted']);
  });
});

test.each([
  ['all', true],
  ['cluster/a', true],
  ['cluster/b', false],
  ['set/b', true],
  ['set/a', false],
] as const)('with cluster a and set b, whether scope %s exists is %s', (scope, exists) => {
  expect(scopeExists(scope, { clusters: new Set(['a']), sets: new Set(['b']) })).toBe(exists);
});
