/** Records by key: states, bookkeeping and conditional writes, on every engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import { mappingKey } from '../../../../lib/store/layout/keys.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable, rawItem } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { binding, cluster, denial, denialRefOf, mapping, mappingRef } from '../../../fixtures/records.ts';
import { must, mustApply, put, remove } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const alice = 'arn:aws:iam::111122223333:role/alice';
const by = { actor: alice };
const day = 24 * 60 * 60 * 1000;

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('records', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    describe('a record', () => {
      test.each([
        ['cluster', { id: 'c-1' }, cluster('c-1', { sets: ['prod'] })],
        ['set', { name: 's-1' }, { name: 's-1', description: 'One' }],
        ['mapping', mappingRef(mapping('m-1')), mapping('m-1')],
        ['denial', denialRefOf('d-1'), denial('d-1')],
        ['denial', denialRefOf('d-1', 'bob'), denial('d-1', 'bob')],
        ['binding', { id: 'b-1' }, binding('b-1')],
      ] as const)(
        'a record of kind %s %j is absent, created, updated, deleted and created again',
        async (kind, ref, record) => {
          expect(must(await store.read(kind, ref))).toEqual({ kind, ref, state: 'absent', version: 0 });

          const created = await put(store, kind, ref, record, { actor: 'one' });
          const createdAt = created.change.at;
          expect(must(await store.read(kind, ref))).toEqual(created.current);
          expect(created.current).toMatchObject({
            state: 'live',
            version: 1,
            changeId: created.change.id,
            record,
            stored: { version: 1, createdAt, createdBy: 'one', updatedAt: createdAt, updatedBy: 'one' },
          });

          now += 5000;
          const updated = await put(store, kind, ref, record, { actor: 'two' });
          expect(updated.current).toMatchObject({
            version: 2,
            stored: { createdAt, createdBy: 'one', updatedBy: 'two', updatedAt: new Date(now).toISOString() },
          });

          const deleted = await remove(store, kind, ref, { actor: 'three' });
          expect(deleted.current).toEqual({
            kind,
            ref,
            state: 'deleted',
            version: 3,
            changeId: deleted.change.id,
            deletedAt: deleted.change.at,
            deletedBy: 'three',
          });
          expect(must(await store.read(kind, ref))).toEqual(deleted.current);

          const again = await put(store, kind, ref, record, { actor: 'four' });
          expect(again.current).toMatchObject({ version: 4, stored: { createdBy: 'four' } });
          expect(
            [created, updated, deleted, again].map(({ change }) => [
              change.action,
              change.version,
              change.previous,
            ]),
          ).toEqual([
            ['create', 1, undefined],
            ['update', 2, created.change.id],
            ['delete', 3, updated.change.id],
            ['create', 4, deleted.change.id],
          ]);
        },
      );

      test('a deleted record leaves a tombstone without record and index keys, purged after 30 days', async () => {
        const ref = mappingRef(mapping('gone'));
        await put(store, 'mapping', ref, mapping('gone'));
        const { change } = await remove(store, 'mapping', ref);
        const item = await rawItem(table, mappingKey(ref));
        expect(item).toMatchObject({ deleted: true, version: 2, changeId: change.id });
        expect(item).not.toHaveProperty('gsi1pk');
        expect(item).not.toHaveProperty('gsi1sk');
        expect(item).not.toHaveProperty('record');
        expect(item?.['ttl']).toBe(Math.ceil((now + 30 * day) / 1000));
        await put(store, 'mapping', ref, mapping('gone'));
        expect(await rawItem(table, mappingKey(ref))).not.toHaveProperty('ttl');
      });

      test('readMany returns records in the order of the refs', async () => {
        const [one, two] = [mappingRef(mapping('many-1')), mappingRef(mapping('many-2'))];
        const none = Array.from({ length: 120 }, (_, index) => mappingRef(mapping(`none-${index}`)));
        await put(store, 'mapping', one, mapping('many-1'));
        await put(store, 'mapping', two, mapping('many-2'));
        await remove(store, 'mapping', two);
        const states = must(await store.readMany('mapping', [...none, two, one]));
        expect(states.slice(0, 120).every(({ state }) => state === 'absent')).toBe(true);
        expect(states.slice(120).map(({ ref, state }) => [ref, state])).toEqual([
          [two, 'deleted'],
          [one, 'live'],
        ]);
      });
    });

    describe('a write is applied only if the record is still as it was read', () => {
      const name = (text: string) => ({ ref: mappingRef(mapping(text)), record: mapping(text) });

      test('a create is refused with exists if the record was created since the read', async () => {
        const { ref, record } = name('twice');
        const before = must(await store.read('mapping', ref));
        mustApply(await store.put(before, record, by));
        const second = must(await store.put(before, { ...record, username: 'other' }, by));
        expect(second).toMatchObject({ applied: false, conflict: 'exists', current: { version: 1, record } });
      });

      test('an update is refused with moved if the record has changed since the read', async () => {
        const { ref, record } = name('moving');
        const { current } = await put(store, 'mapping', ref, record);
        mustApply(await store.put(current, { ...record, username: 'first' }, by));
        const late = must(await store.put(current, { ...record, username: 'second' }, by));
        expect(late).toMatchObject({ applied: false, conflict: 'moved', current: { version: 2 } });
        expect(must(await store.read('mapping', ref))).toMatchObject({ record: { username: 'first' } });
      });

      test('an update or a delete is refused with missing if the record was deleted since the read', async () => {
        const { ref, record } = name('deleted-since');
        const { current } = await put(store, 'mapping', ref, record);
        await remove(store, 'mapping', ref);
        expect(must(await store.put(current, record, by))).toMatchObject({ conflict: 'missing' });
        expect(must(await store.remove(current, by))).toMatchObject({ conflict: 'missing' });
        expect(must(await store.read('mapping', ref))).toMatchObject({ state: 'deleted', version: 2 });
      });

      test('a delete of an absent record is refused and not logged', async () => {
        const { ref } = name('never');
        const absent = must(await store.read('mapping', ref));
        expect(must(await store.remove(absent, by))).toEqual({
          applied: false,
          conflict: 'missing',
          current: absent,
        });
      });

      test('a stale update does not revive a record that was deleted and created again', async () => {
        const { ref, record } = name('aba');
        const { current } = await put(store, 'mapping', ref, record);
        await remove(store, 'mapping', ref);
        await put(store, 'mapping', ref, record);
        expect(must(await store.put(current, { ...record, groups: ['system:masters'] }, by))).toMatchObject({
          conflict: 'moved',
          current: { version: 3 },
        });
      });

      test('a record that could not be read back is not written', async () => {
        const { ref, record } = name('mismatch');
        const before = must(await store.read('mapping', ref));
        expect(await store.put(before, { ...record, scope: 'all' }, by)).toMatchObject({ ok: false });
        expect(must(await store.read('mapping', ref)).state).toBe('absent');
      });
    });
  });
});
