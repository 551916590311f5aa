/** Items that are damaged or of a newer schema version: what each reader and writer of the store does about them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import type { UnreadableItem } from '../../../../lib/errors.ts';
import { mappingId } from '../../../../lib/records/mapping.ts';
import { keyOf } from '../../../../lib/store/layout/codecs.ts';
import { clusterKey, denialKey, mappingKey, webhookTokenKey } from '../../../../lib/store/layout/keys.ts';
import type { ReviewReader, Store } from '../../../../lib/store/ports.ts';
import { createStore } from '../../../../lib/store/dynamodb/store.ts';
import { createReviewReader } from '../../../../lib/store/review/dynamodb-http.ts';
import { createTestTable, localCredentials, localRegion, rawItem } from '../../../fixtures/dynamodb.ts';
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
import { must, mustHold, put, remove } from '../../../fixtures/store-writes.ts';
import { damageBookkeeping, damageRecord, makeNewer } from '../../../fixtures/unreadable-items.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const by = { actor: 'arn:aws:iam::111122223333:role/alice' };
const soon = (): AbortSignal => AbortSignal.timeout(10_000);
const newer = 'it has schema version 2 and this function reads up to 1; upgrade this function first';
const damaged = 'it is damaged; an admin can delete it with force, and create it again';

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('items that cannot be read', () => {
    let table: TestTable;
    let store: Store;
    let reported: UnreadableItem[];

    beforeEach(async () => {
      table = await createTestTable(running.endpoint);
      reported = [];
      store = createStore({
        region: localRegion,
        table: table.table,
        client: table.client,
        onUnreadable: (item) => void reported.push(item),
      });
    });
    afterEach(() => table.close());

    const alice = mapping('alice');
    const aliceKey = mappingKey(mappingRef(alice));

    test('every kind of record and a webhook token carry their schema version as an attribute', async () => {
      await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
      await put(store, 'set', { name: 'prod' }, { name: 'prod' });
      await put(store, 'mapping', mappingRef(alice), alice);
      await put(store, 'denial', denialRefOf('alice'), denial('alice'));
      await put(store, 'binding', { id: 'platform' }, binding('platform'));
      const token = must(await store.createWebhookToken('demo', tokenHash('a'), by));
      const keys = [
        clusterKey('demo'),
        keyOf('set', { name: 'prod' }),
        aliceKey,
        denialKey(denialRefOf('alice')),
        keyOf('binding', { id: 'platform' }),
        webhookTokenKey('demo', token.applied ? token.token.id : ''),
      ];
      for (const key of keys) expect(await rawItem(table, key), key.pk).toMatchObject({ schema: 1 });
    });

    test('an item without a schema version is version 1', async () => {
      await put(store, 'mapping', mappingRef(alice), alice);
      const { schema: _schema, ...before } = await rawItem(table, aliceKey);
      expect(before).toMatchObject({ version: 1 });
      await makeNewer(table, aliceKey, 1);
      expect(must(await store.read('mapping', mappingRef(alice))).state).toBe('live');
    });

    describe.each(['signed client', 'AWS SDK'] as const)('a review by the %s', (adapter) => {
      const readerOf = (): ReviewReader =>
        adapter === 'AWS SDK'
          ? store
          : createReviewReader({
              table: table.table,
              region: localRegion,
              endpoint: table.endpoint,
              credentials: async () => localCredentials,
              clock: Date.now,
            });
      const lookup = { mappings: [mappingRef(alice)], denials: [denialRefOf('alice')] };

      test('a mapping of a newer schema version makes the review unavailable, and the cause names kind and version', async () => {
        await put(store, 'mapping', mappingRef(alice), alice);
        await makeNewer(table, aliceKey);
        expect(await readerOf().readEntries(lookup, soon())).toMatchObject({
          failure: { code: 'store_unavailable', data: { cause: `unreadable mapping: ${newer}` } },
        });
      });

      test('a denial of a newer schema version makes the review unavailable', async () => {
        await put(store, 'mapping', mappingRef(alice), alice);
        await put(store, 'denial', denialRefOf('alice'), denial('alice'));
        await makeNewer(table, denialKey(denialRefOf('alice')));
        expect(await readerOf().readEntries(lookup, soon())).toMatchObject({
          failure: { data: { item: { kind: 'denial', reason: newer } } },
        });
      });

      test('a cluster or a webhook token of a newer schema version makes the cluster unavailable', async () => {
        await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
        const token = must(await store.createWebhookToken('demo', tokenHash('a'), by));
        const id = token.applied ? token.token.id : '';
        await makeNewer(table, webhookTokenKey('demo', id));
        expect(await readerOf().readCluster('demo', soon())).toMatchObject({
          failure: { data: { item: { kind: 'webhook-token', key: `demo/${id}`, reason: newer } } },
        });
        await makeNewer(table, clusterKey('demo'));
        expect(await readerOf().readCluster('demo', soon())).toMatchObject({
          failure: { data: { item: { kind: 'cluster', key: 'demo', reason: newer } } },
        });
      });

      test('a tombstone stays readable whatever its schema version is', async () => {
        await put(store, 'mapping', mappingRef(alice), alice);
        await remove(store, 'mapping', mappingRef(alice));
        await makeNewer(table, aliceKey, 9);
        expect(must(await readerOf().readEntries(lookup, soon()))).toEqual({ mappings: [], denials: [] });
      });
    });

    test('a list names the items that it cannot read, holds all others, and reports them to the log', async () => {
      for (const id of ['blue', 'demo', 'green']) await put(store, 'cluster', { id }, cluster(id));
      await damageRecord(table, clusterKey('blue'));
      await makeNewer(table, clusterKey('green'));
      const page = must(await store.listClusters({ limit: 200 }));
      const unreadable = [
        { kind: 'cluster', key: 'blue', reason: damaged },
        { kind: 'cluster', key: 'green', reason: newer },
      ];
      expect(page.items.map(({ id }) => id)).toEqual(['demo']);
      expect(page.unreadable).toEqual(unreadable);
      expect(reported).toEqual(unreadable);
    });

    test('a list of one principal names an item whose bookkeeping is damaged', async () => {
      await put(store, 'mapping', mappingRef(alice), alice);
      await put(store, 'denial', denialRefOf('alice'), denial('alice'));
      await damageBookkeeping(table, aliceKey);
      const page = must(await store.listByPrincipal(mappingRef(alice).principalKey, { limit: 10 }));
      expect(page.items).toMatchObject([{ kind: 'denial' }]);
      expect(page.unreadable).toMatchObject([{ kind: 'mapping', key: mappingId(mappingRef(alice)) }]);
    });

    test('readEach reports an unreadable record in its place, and readMany fails', async () => {
      await put(store, 'set', { name: 'a' }, { name: 'a' });
      await put(store, 'set', { name: 'b' }, { name: 'b' });
      await damageRecord(table, keyOf('set', { name: 'a' }));
      const refs = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
      expect(must(await store.readEach('set', refs)).map(({ state }) => state)).toEqual([
        'unreadable',
        'live',
        'absent',
      ]);
      expect(await store.readMany('set', refs)).toMatchObject({
        failure: { data: { item: { kind: 'set', key: 'a' } } },
      });
    });

    test('neither a read before a write nor the fence of a lease rewrites a record of a newer schema version', async () => {
      await put(store, 'mapping', mappingRef(alice), alice);
      await makeNewer(table, aliceKey);
      const item = await rawItem(table, aliceKey);
      expect(await store.read('mapping', mappingRef(alice))).toMatchObject({
        failure: { data: { item: { reason: newer } } },
      });
      const lease = mustHold(await store.acquireLease('01ARZ3NDEKTSV4RRFFQ69G5FAV', 60_000));
      must(await store.announceWrites(lease, [mappingRef(alice)]));
      must(await store.releaseLease(lease));
      expect(await store.acquireLease('01ARZ3NDEKTSV4RRFFQ69G5FAW', 60_000)).toMatchObject({
        failure: { data: { item: { kind: 'mapping', reason: newer } } },
      });
      expect(await rawItem(table, aliceKey)).toEqual(item);
    });

    test('a change of a newer schema version cannot be read, and its outcome still can', async () => {
      const first = await put(store, 'mapping', mappingRef(alice), alice);
      await put(store, 'mapping', mappingRef(alice), { ...alice, groups: ['others'] });
      const { change } = first;
      const [month] = change.at.split(/-\d\d(?=T)/);
      await makeNewer(table, { pk: `CHANGES#${month}`, sk: change.id });
      expect(await store.readChange(change.id)).toMatchObject({
        failure: { data: { item: { kind: 'change', key: change.id, reason: newer } } },
      });
      expect(must(await store.wasApplied(change))).toBe('applied');
      const page = must(await store.listChanges({ month: month ?? '' }, { limit: 50 }));
      expect(page.items).toHaveLength(1);
      expect(page.unreadable).toMatchObject([{ kind: 'change', key: change.id }]);
    });

    test.each([
      ['a damaged record', damageRecord, 3],
      ['a record of a newer schema version', makeNewer, 3],
      ['damaged bookkeeping', damageBookkeeping, 1],
    ] as const)(
      'removeUnreadable of %s leaves a tombstone and a logged change without a before',
      async (_name, damage, version) => {
        await put(store, 'mapping', mappingRef(alice), alice);
        const last = await put(store, 'mapping', mappingRef(alice), { ...alice, groups: ['others'] });
        await damage(table, aliceKey);
        const removal = must(await store.removeUnreadable('mapping', mappingRef(alice), by));
        if (!removal.applied) throw new Error(removal.conflict);
        const state = must(await store.read('mapping', mappingRef(alice)));
        expect(state).toMatchObject({ state: 'deleted', version, changeId: removal.changeId });
        const change = must(await store.readChange(removal.changeId));
        expect(change).toMatchObject({
          action: 'delete',
          version,
          actor: by.actor,
          target: last.change.target,
        });
        expect(change).toMatchObject({ note: expect.stringContaining('Deleted with force') });
        expect(change).not.toHaveProperty('before.scope');
        expect(change?.previous).toBe(version === 1 ? undefined : last.change.id);
      },
    );

    test('removeUnreadable leaves alone what can be read, and what does not exist', async () => {
      await put(store, 'mapping', mappingRef(alice), alice);
      expect(must(await store.removeUnreadable('mapping', mappingRef(alice), by))).toEqual({
        applied: false,
        conflict: 'moved',
      });
      expect(must(await store.removeUnreadable('mapping', mappingRef(mapping('bob')), by))).toEqual({
        applied: false,
        conflict: 'missing',
      });
    });

    test('removeUnreadable with a version deletes only an item of that version, and a dry run deletes none', async () => {
      await put(store, 'mapping', mappingRef(alice), alice);
      await damageRecord(table, aliceKey);
      const remove = async (deletion: { version: number; dryRun?: boolean }) =>
        must(await store.removeUnreadable('mapping', mappingRef(alice), { ...by, ...deletion }));
      const refused = { applied: false, conflict: 'version' };
      expect(await remove({ version: 2 })).toEqual(refused);
      expect(await remove({ version: 2, dryRun: true })).toEqual(refused);
      expect(await remove({ version: 1, dryRun: true })).toMatchObject({ applied: true });
      expect((await store.read('mapping', mappingRef(alice))).ok).toBe(false);
      expect(await remove({ version: 1 })).toMatchObject({ applied: true });
      expect(must(await store.read('mapping', mappingRef(alice)))).toMatchObject({ state: 'deleted' });
    });

    test('deleteUnreadableWebhookToken makes a cluster readable again', async () => {
      await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
      const token = must(await store.createWebhookToken('demo', tokenHash('a'), by));
      const id = token.applied ? token.token.id : '';
      await damageRecord(table, webhookTokenKey('demo', id));
      expect((await store.readCluster('demo', soon())).ok).toBe(false);
      expect(must(await store.deleteUnreadableWebhookToken('demo', id, by)).applied).toBe(true);
      expect(must(await store.readCluster('demo', soon()))?.webhookTokens).toEqual([]);
    });
  });
});
