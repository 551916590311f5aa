/** The change log: change records, and whether each change was applied, on every engine. */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../../dev/server/dynamodb.ts';
import { monthOf } from '../../../../../lib/store/dynamodb/change-log/items.ts';
import { mappingKey } from '../../../../../lib/store/layout/keys.ts';
import type { Store } from '../../../../../lib/store/ports.ts';
import { createTestTable } from '../../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../../fixtures/dynamodb.ts';
import { mapping, mappingRef } from '../../../../fixtures/records.ts';
import { allPages, must, mustApply, put, remove } from '../../../../fixtures/store-writes.ts';
import { engines } from '../../../../fixtures/store-engines.ts';

const alice = 'arn:aws:iam::111122223333:role/alice';
const by = { actor: alice };
const day = 24 * 60 * 60 * 1000;

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('the change log', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    test('a change record holds actor, time, target, before, after and the previous change', async () => {
      const ref = mappingRef(mapping('logged'));
      const { change: first } = await put(store, 'mapping', ref, mapping('logged'), { actor: 'one' });
      const { change: second } = await put(store, 'mapping', ref, mapping('logged', { groups: ['x'] }), {
        actor: 'two',
        rollbackOf: first.id,
      });
      expect(must(await store.readChange(second.id))).toEqual({
        id: second.id,
        at: new Date(now).toISOString(),
        actor: 'two',
        target: first.target,
        action: 'update',
        version: 2,
        previous: first.id,
        rollbackOf: first.id,
        kind: 'mapping',
        ref,
        before: mapping('logged'),
        after: mapping('logged', { groups: ['x'] }),
      });
    });

    test('readChange finds no change for an id that was never used', async () => {
      for (const id of ['', 'x', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '../../etc']) {
        expect(must(await store.readChange(id))).toBeUndefined();
      }
    });

    test('listChanges lists the changes of a target or of a month, newest first, optionally from an instant on', async () => {
      // In a month that no other test writes in.
      now += 400 * day;
      const ref = { name: 'history' };
      const changes = [];
      for (let round = 0; round < 5; round += 1) {
        now += 1000;
        changes.push((await put(store, 'set', ref, { name: 'history', description: `${round}` })).change);
      }
      const newestFirst = changes.map(({ id }) => id).toReversed();
      const target = await allPages((page) => store.listChanges({ target: 'set/history' }, page), 2);
      expect(target.map(({ id }) => id)).toEqual(newestFirst);
      const query = { month: monthOf(now), since: Date.parse(changes[2]!.at) };
      const recent = await allPages((page) => store.listChanges(query, page), 2);
      expect(recent.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
    });

    test('wasApplied finds which changes were applied, whatever changes followed', async () => {
      const ref = mappingRef(mapping('fate'));
      const { change: first, current } = await put(store, 'mapping', ref, mapping('fate'));
      mustApply(await store.put(current, mapping('fate', { username: 'winner' }), by));
      must(await store.put(current, mapping('fate', { username: 'loser' }), by));
      for (let round = 0; round < 3; round += 1) await put(store, 'mapping', ref, mapping('fate'));
      await remove(store, 'mapping', ref);
      const changes = must(await store.listChanges({ target: first.target }, { limit: 20 })).items;
      const fates = await Promise.all(changes.map(async (each) => must(await store.wasApplied(each))));
      expect(changes.map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 2, 1]);
      const unmade = changes.filter((_change, index) => fates[index] !== 'applied');
      expect(unmade).toMatchObject([{ version: 2, after: { username: 'loser' } }]);
    });

    test('wasApplied is unknown for a target whose tombstone was purged', async () => {
      const ref = mappingRef(mapping('purged'));
      const { change, current } = await put(store, 'mapping', ref, mapping('purged'));
      const { pk, sk } = mappingKey(ref);
      await table.client.send(
        new DeleteItemCommand({ TableName: table.table, Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
      expect(must(await store.wasApplied(change))).toBe('not_applied');
      now += 31 * day;
      expect(must(await store.wasApplied(change))).toBe('unknown');
      await put(store, 'mapping', ref, mapping('purged'));
      expect(must(await store.wasApplied(change))).toBe('unknown');
      expect(must(await store.put(current, mapping('purged'), by))).toMatchObject({ conflict: 'moved' });
    });
  });
});
