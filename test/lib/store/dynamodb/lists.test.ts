/** Lists by index and by principal, and their cursors, on every engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { binding, cluster, denial, denialRefOf, mapping, mappingRef } from '../../../fixtures/records.ts';
import { allPages, must, put, remove } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('lists', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    test('a list by index holds the live records in order, page by page', async () => {
      const ids = ['l-1', 'l-2', 'l-3', 'l-4', 'l-5'];
      for (const id of ids) {
        await put(store, 'cluster', { id }, cluster(id));
        await put(store, 'set', { name: id }, { name: id });
        await put(store, 'binding', { id }, binding(id));
      }
      await remove(store, 'cluster', { id: 'l-3' });
      const clusters = await allPages((page) => store.listClusters(page), 2);
      expect(clusters.map(({ id }) => id).filter((id) => id.startsWith('l-'))).toEqual([
        'l-1',
        'l-2',
        'l-4',
        'l-5',
      ]);
      const sets = await allPages((page) => store.listSets(page), 2);
      expect(sets.map((set) => set.name).filter((id) => id.startsWith('l-'))).toEqual(ids);
      const bindings = await allPages((page) => store.listBindings(page), 3);
      expect(bindings.map(({ id }) => id).filter((id) => id.startsWith('l-'))).toEqual(ids);
    });

    test('the list of a scope holds its mappings as a read by key returns them', async () => {
      const mappings = ['z', 'y', 'x'].map((each) => mapping(each, { scope: 'set/listed' }));
      for (const each of mappings) await put(store, 'mapping', mappingRef(each), each);
      const listed = await allPages((page) => store.listMappingsByScope('set/listed', page), 2);
      expect(listed.map(({ username }) => username)).toEqual(['x', 'y', 'z']);
      const [first] = must(await store.readMany('mapping', [listed[0]!]));
      expect(first).toMatchObject({ stored: listed[0] });
    });

    test('the list of denials is ordered by time', async () => {
      for (const [index, each] of ['late', 'later', 'latest'].entries()) {
        now += index * 1000;
        await put(store, 'denial', denialRefOf(each), denial(each));
      }
      const denials = await allPages((page) => store.listDenials(page), 3);
      const names = denials.map(({ principalKey }) => principalKey.split('/')[1] ?? '');
      expect(names.filter((name) => name.startsWith('late'))).toEqual(['late', 'later', 'latest']);
    });

    test('the list of a principal holds its mappings and denials', async () => {
      const records = [mapping('whole'), mapping('whole', { scope: 'all' })];
      for (const each of records) await put(store, 'mapping', mappingRef(each), each);
      await put(store, 'denial', denialRefOf('whole'), denial('whole'));
      await put(store, 'denial', denialRefOf('whole', 'bob'), denial('whole', 'bob'));
      await remove(store, 'mapping', mappingRef(records[0]!));
      const found = await allPages(
        (page) => store.listByPrincipal(denialRefOf('whole').principalKey, page),
        2,
      );
      expect(found.map(({ kind }) => kind).toSorted()).toEqual(['denial', 'denial', 'mapping']);
    });

    test.each([
      ['no base64', '%%'],
      ['no JSON', Buffer.from('{').toString('base64url')],
      ['of another list', Buffer.from('["SETS","a","SET#a","SET"]').toString('base64url')],
      ['with a part too few', Buffer.from('["CLUSTERS","a","b"]').toString('base64url')],
      ['with another type', Buffer.from('["CLUSTERS","a","b",1]').toString('base64url')],
    ])('a list refuses a cursor that is %s', async (_why, cursor) => {
      expect(await store.listClusters({ limit: 1, cursor })).toEqual({
        ok: false,
        failure: { outcome: 'invalid', code: 'invalid_cursor' },
      });
    });
  });
});
