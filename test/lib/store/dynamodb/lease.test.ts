/** The lease of group sync and its announced writes, on every engine. */
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import { leaseKey } from '../../../../lib/store/layout/keys.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import type { Lease } from '../../../../lib/records/sync-run.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { mapping, mappingRef } from '../../../fixtures/records.ts';
import { must, mustApply, mustHold, put, remove } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const day = 24 * 60 * 60 * 1000;

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('the lease of group sync', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    describe('the lease of group sync', () => {
      test('the lease has one holder at a time, each with a higher fencing number', async () => {
        const first = must(await store.acquireLease('run-1', 1000));
        expect(first).toEqual({ held: true, lease: { runId: 'run-1', fence: 1, expiresAt: now + 1000 } });
        if (!first.held) return;
        expect(must(await store.acquireLease('run-2', 1000))).toEqual({
          held: false,
          by: 'run-1',
          until: now + 1000,
        });
        // Lambda repeats asynchronous calls: the same run twice is two holders.
        expect(must(await store.acquireLease('run-1', 1000))).toMatchObject({ held: false });
        now += 1000;
        expect(must(await store.acquireLease('run-2', 1000))).toMatchObject({
          held: true,
          lease: { fence: 2 },
        });
        must(await store.releaseLease(first.lease));
        expect(must(await store.acquireLease('run-3', 1000))).toMatchObject({ held: false, by: 'run-2' });
      });

      test('a released lease can be acquired at once, by one of several concurrent callers', async () => {
        now += day;
        const held = mustHold(await store.acquireLease('run-4', 1000));
        must(await store.releaseLease(held));
        const tries = await Promise.all(
          Array.from({ length: 5 }, (_, index) => store.acquireLease(`run-${index + 5}`, 1000)),
        );
        const winners = tries.map(must).filter((each) => each.held);
        expect(winners).toMatchObject([{ lease: { fence: held.fence + 1 } }]);
      });

      test('a write under an expired or an older lease is refused with lease_lost', async () => {
        const record = mapping('synced', { owner: 'group-sync' });
        const ref = mappingRef(record);
        const lease = (fence: number) => ({ runId: `run-${fence}`, fence, expiresAt: now + 1000 });
        const { current } = await put(store, 'mapping', ref, record, {
          actor: 'group-sync/a',
          lease: lease(7),
        });
        expect(current).toMatchObject({ fence: 7 });
        const late = { actor: 'group-sync/b', lease: lease(6) };
        expect(must(await store.put(current, record, late))).toMatchObject({
          applied: false,
          conflict: 'lease_lost',
        });
        const ended = { actor: 'group-sync/c', lease: { ...lease(8), expiresAt: now } };
        expect(must(await store.put(current, record, ended))).toMatchObject({
          applied: false,
          conflict: 'lease_lost',
        });
        const deleted = mustApply(await store.remove(current, { actor: 'group-sync/d', lease: lease(8) }));
        expect(must(await store.put(deleted.current, record, late))).toMatchObject({
          conflict: 'lease_lost',
        });
        expect(
          mustApply(await store.put(deleted.current, record, { actor: 'x', lease: lease(8) })).current,
        ).toMatchObject({
          fence: 8,
          version: 3,
        });
      });
    });

    describe('announced writes', () => {
      const forgetLease = (): Promise<unknown> =>
        table.client.send(new DeleteItemCommand({ TableName: table.table, Key: marshall(leaseKey) }));
      beforeEach(forgetLease);
      const take = async (runId: string): Promise<Lease> => {
        now += day;
        return mustHold(await store.acquireLease(runId, 1000));
      };
      /** A process that fell asleep right after it had looked at the clock. */
      const asleep = (lease: Lease) => ({ actor: 'late', lease: { ...lease, expiresAt: Number.MAX_VALUE } });
      const synced = (name: string) => mapping(name, { owner: 'group-sync' });
      const states = {
        absent: async () => undefined,
        live: async (name: string) => put(store, 'mapping', mappingRef(synced(name)), synced(name)),
        deleted: async (name: string) => {
          await put(store, 'mapping', mappingRef(synced(name)), synced(name));
          await remove(store, 'mapping', mappingRef(synced(name)));
        },
      };

      test.each(Object.entries(states))(
        'an announced write that is still in flight is refused once another holder has the lease, for an entry that is %s',
        async (state, prepare) => {
          const record = synced(`fenced-${state}`);
          const ref = mappingRef(record);
          await prepare(`fenced-${state}`);
          const late = await take('late');
          const before = must(await store.read('mapping', ref));
          expect(before.state).toBe(state);
          expect(must(await store.announceWrites(late, [ref]))).toBe('announced');

          const lease = await take('next');
          const fenced = must(await store.read('mapping', ref));
          expect(fenced).toMatchObject({ fence: lease.fence, version: before.version + 1 });
          // It gives and takes as much as before.
          expect(fenced.state).toBe(state === 'live' ? 'live' : 'deleted');
          expect(fenced).toMatchObject(before.state === 'live' ? { record: before.record } : {});

          const outcome = must(await store.put(before, { ...record, username: 'late' }, asleep(late)));
          expect(outcome).toMatchObject({ applied: false, conflict: 'lease_lost', current: fenced });
          const removal = must(await store.remove(before, asleep(late)));
          expect(removal).toMatchObject({
            applied: false,
            current: before.state === 'live' ? fenced : before,
          });
          // The new holder writes as always.
          expect(mustApply(await store.put(fenced, record, { actor: 'next', lease })).current.version).toBe(
            before.version + 2,
          );
        },
      );

      test('an announced write that has landed is left as it is by later holders', async () => {
        const record = synced('written');
        const lease = await take('first');
        must(await store.announceWrites(lease, [mappingRef(record)]));
        const { current } = await put(store, 'mapping', mappingRef(record), record, {
          actor: 'first',
          lease,
        });
        must(await store.releaseLease(lease));
        await take('second');
        must(await store.releaseLease(await take('third')));
        expect(must(await store.read('mapping', mappingRef(record)))).toEqual(current);
      });

      test('an announcement stays if the next lease expires before all of its entries are fenced', async () => {
        const ref = mappingRef(synced('slowly-fenced'));
        const lease = await take('first');
        must(await store.announceWrites(lease, [ref]));
        now += day;
        expect(must(await store.acquireLease('slow', 0))).toMatchObject({ held: false });
        expect(must(await store.read('mapping', ref)).state).toBe('absent');
        await take('next');
        expect(must(await store.read('mapping', ref)).state).toBe('deleted');
      });

      test('an announcement outlives the release of the lease, until the next holder has fenced it', async () => {
        const record = synced('given-back');
        const ref = mappingRef(record);
        const lease = await take('first');
        must(await store.announceWrites(lease, [ref]));
        must(await store.releaseLease(lease));
        expect(must(await store.read('mapping', ref)).state).toBe('absent');
        must(await store.releaseLease(await take('second')));
        expect(must(await store.read('mapping', ref))).toMatchObject({ state: 'deleted', version: 1 });
        await take('third');
        expect(must(await store.read('mapping', ref))).toMatchObject({ version: 1 });
      });

      test('an announcement is refused once the lease has another holder, or none', async () => {
        const ref = mappingRef(synced('never'));
        const first = await take('first');
        must(await store.releaseLease(first));
        expect(must(await store.announceWrites(first, [ref]))).toBe('lease_lost');
        const second = await take('second');
        expect(must(await store.announceWrites(first, [ref]))).toBe('lease_lost');
        expect(must(await store.announceWrites(second, [ref]))).toBe('announced');
      });

      test('an announcement that cannot be read keeps the lease from being acquired', async () => {
        const lease = await take('first');
        const Item = marshall({
          ...leaseKey,
          ...lease,
          nonce: 'n',
          announced: { fence: lease.fence, mappings: ['not an id'] },
        });
        await table.client.send(new PutItemCommand({ TableName: table.table, Item }));
        now += day;
        expect(await store.acquireLease('second', 1000)).toMatchObject({
          ok: false,
          failure: { code: 'store_unavailable' },
        });
      });
    });
  });
});
