/** What the full adapter does, on every engine: records, their changes, webhook tokens, and what group-sync keeps. */
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalDynamoDb } from '../../dev/server/dynamodb.ts';
import { monthOf } from '../../lib/store/dynamodb/change-log/items.ts';
import { leaseKey, mappingKey } from '../../lib/store/layout/keys.ts';
import type { ItemKey } from '../../lib/store/layout/keys.ts';
import type { ListResult, PageRequest, Store } from '../../lib/store/ports.ts';
import type { Lease } from '../../lib/records/sync-run.ts';
import { createTestTable } from '../fixtures/dynamodb.ts';
import type { TestTable } from '../fixtures/dynamodb.ts';
import {
  binding,
  cluster,
  denial,
  denialRefOf,
  mapping,
  mappingRef,
  tokenHash,
} from '../fixtures/records.ts';
import { must, mustApply, mustHold, put, remove } from '../fixtures/store-writes.ts';
import { engines } from './engines.ts';

const alice = 'arn:aws:iam::111122223333:role/alice';
const by = { actor: alice };
const day = 24 * 60 * 60 * 1000;

/** Follows the cursor to the end. */
async function all<T>(list: (page: PageRequest) => Promise<ListResult<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = must(await list({ limit, cursor }));
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('the store', () => {
    let test: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (test = await createTestTable(running.endpoint)));
    afterAll(() => test?.close());
    beforeEach(() => {
      now = Date.now();
      store = test.store({ clock: () => now });
    });

    const rawItem = async ({ pk, sk }: ItemKey): Promise<Record<string, unknown> | undefined> => {
      const command = new GetItemCommand({ TableName: test.table, Key: { pk: { S: pk }, sk: { S: sk } } });
      const { Item } = await test.client.send(command);
      return Item === undefined ? undefined : unmarshall(Item);
    };

    describe('a record', () => {
      it.each([
        ['cluster', { id: 'c-1' }, cluster('c-1', { sets: ['prod'] })],
        ['set', { name: 's-1' }, { name: 's-1', description: 'One' }],
        ['mapping', mappingRef(mapping('m-1')), mapping('m-1')],
        ['denial', denialRefOf('d-1'), denial('d-1')],
        ['denial', denialRefOf('d-1', 'bob'), denial('d-1', 'bob')],
        ['binding', { id: 'b-1' }, binding('b-1')],
      ] as const)(
        'of kind %s %j is absent, created, updated, deleted, and created again',
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

      it('that is deleted leaves a tombstone: no record, no index keys, purged after 30 days', async () => {
        const ref = mappingRef(mapping('gone'));
        await put(store, 'mapping', ref, mapping('gone'));
        const { change } = await remove(store, 'mapping', ref);
        const item = await rawItem(mappingKey(ref));
        expect(item).toMatchObject({ deleted: true, version: 2, changeId: change.id });
        expect(item).not.toHaveProperty('gsi1pk');
        expect(item).not.toHaveProperty('gsi1sk');
        expect(item).not.toHaveProperty('record');
        expect(item?.['ttl']).toBe(Math.ceil((now + 30 * day) / 1000));
        await put(store, 'mapping', ref, mapping('gone'));
        expect(await rawItem(mappingKey(ref))).not.toHaveProperty('ttl');
      });

      it('is read with many others, in the order that was asked for', async () => {
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

    describe('a write is made only if the record is as it was read', () => {
      const name = (text: string) => ({ ref: mappingRef(mapping(text)), record: mapping(text) });

      it('a create of what exists by then is refused: exists', async () => {
        const { ref, record } = name('twice');
        const before = must(await store.read('mapping', ref));
        mustApply(await store.put(before, record, by));
        const second = must(await store.put(before, { ...record, username: 'other' }, by));
        expect(second).toMatchObject({ applied: false, conflict: 'exists', current: { version: 1, record } });
      });

      it('an update of what has changed since is refused: moved', async () => {
        const { ref, record } = name('moving');
        const { current } = await put(store, 'mapping', ref, record);
        mustApply(await store.put(current, { ...record, username: 'first' }, by));
        const late = must(await store.put(current, { ...record, username: 'second' }, by));
        expect(late).toMatchObject({ applied: false, conflict: 'moved', current: { version: 2 } });
        expect(must(await store.read('mapping', ref))).toMatchObject({ record: { username: 'first' } });
      });

      it('an update or a delete of what was deleted since is refused: missing', async () => {
        const { ref, record } = name('deleted-since');
        const { current } = await put(store, 'mapping', ref, record);
        await remove(store, 'mapping', ref);
        expect(must(await store.put(current, record, by))).toMatchObject({ conflict: 'missing' });
        expect(must(await store.remove(current, by))).toMatchObject({ conflict: 'missing' });
        expect(must(await store.read('mapping', ref))).toMatchObject({ state: 'deleted', version: 2 });
      });

      it('a delete of what is not there is refused, and not logged', async () => {
        const { ref } = name('never');
        const absent = must(await store.read('mapping', ref));
        expect(must(await store.remove(absent, by))).toEqual({
          applied: false,
          conflict: 'missing',
          current: absent,
        });
      });

      it('nothing late revives an entry: not the same update after delete and re-creation', async () => {
        const { ref, record } = name('aba');
        const { current } = await put(store, 'mapping', ref, record);
        await remove(store, 'mapping', ref);
        await put(store, 'mapping', ref, record);
        expect(must(await store.put(current, { ...record, groups: ['system:masters'] }, by))).toMatchObject({
          conflict: 'moved',
          current: { version: 3 },
        });
      });

      it('what could not be read back is not written', async () => {
        const { ref, record } = name('mismatch');
        const before = must(await store.read('mapping', ref));
        expect(await store.put(before, { ...record, scope: 'all' }, by)).toMatchObject({ ok: false });
        expect(must(await store.read('mapping', ref)).state).toBe('absent');
      });
    });

    describe('lists', () => {
      it('show live records by index, page by page, in order', async () => {
        const ids = ['l-1', 'l-2', 'l-3', 'l-4', 'l-5'];
        for (const id of ids) {
          await put(store, 'cluster', { id }, cluster(id));
          await put(store, 'set', { name: id }, { name: id });
          await put(store, 'binding', { id }, binding(id));
        }
        await remove(store, 'cluster', { id: 'l-3' });
        const clusters = await all((page) => store.listClusters(page), 2);
        expect(clusters.map(({ id }) => id).filter((id) => id.startsWith('l-'))).toEqual([
          'l-1',
          'l-2',
          'l-4',
          'l-5',
        ]);
        const sets = await all((page) => store.listSets(page), 2);
        expect(sets.map((set) => set.name).filter((id) => id.startsWith('l-'))).toEqual(ids);
        const bindings = await all((page) => store.listBindings(page), 3);
        expect(bindings.map(({ id }) => id).filter((id) => id.startsWith('l-'))).toEqual(ids);
      });

      it('show the mappings of one scope, as they would be read by key', async () => {
        const mappings = ['z', 'y', 'x'].map((each) => mapping(each, { scope: 'set/listed' }));
        for (const each of mappings) await put(store, 'mapping', mappingRef(each), each);
        const listed = await all((page) => store.listMappingsByScope('set/listed', page), 2);
        expect(listed.map(({ username }) => username)).toEqual(['x', 'y', 'z']);
        const [first] = must(await store.readMany('mapping', [listed[0]!]));
        expect(first).toMatchObject({ stored: listed[0] });
      });

      it('show denials by time', async () => {
        for (const [index, each] of ['late', 'later', 'latest'].entries()) {
          now += index * 1000;
          await put(store, 'denial', denialRefOf(each), denial(each));
        }
        const denials = await all((page) => store.listDenials(page), 3);
        const names = denials.map(({ principalKey }) => principalKey.split('/')[1] ?? '');
        expect(names.filter((name) => name.startsWith('late'))).toEqual(['late', 'later', 'latest']);
      });

      it('show everything about a principal', async () => {
        const records = [mapping('whole'), mapping('whole', { scope: 'all' })];
        for (const each of records) await put(store, 'mapping', mappingRef(each), each);
        await put(store, 'denial', denialRefOf('whole'), denial('whole'));
        await put(store, 'denial', denialRefOf('whole', 'bob'), denial('whole', 'bob'));
        await remove(store, 'mapping', mappingRef(records[0]!));
        const found = await all((page) => store.listByPrincipal(denialRefOf('whole').principalKey, page), 2);
        expect(found.map(({ kind }) => kind).toSorted()).toEqual(['denial', 'denial', 'mapping']);
      });

      it.each([
        ['no base64', '%%'],
        ['no JSON', Buffer.from('{').toString('base64url')],
        ['of another list', Buffer.from('["SETS","a","SET#a","SET"]').toString('base64url')],
        ['with a part too few', Buffer.from('["CLUSTERS","a","b"]').toString('base64url')],
        ['with another type', Buffer.from('["CLUSTERS","a","b",1]').toString('base64url')],
      ])('refuse a cursor that is %s', async (_why, cursor) => {
        expect(await store.listClusters({ limit: 1, cursor })).toEqual({
          ok: false,
          failure: { outcome: 'invalid', code: 'invalid_cursor' },
        });
      });
    });

    describe('the change log', () => {
      it('holds who, when, what, before and after, and how a change goes on from the one before', async () => {
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

      it('knows no change of an id that it did not give', async () => {
        for (const id of ['', 'x', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '../../etc']) {
          expect(must(await store.readChange(id))).toBeUndefined();
        }
      });

      it('lists the changes of a target, the newest first, and of a month, from an instant on', async () => {
        // In a month that no other test writes in.
        now += 400 * day;
        const ref = { name: 'history' };
        const changes = [];
        for (let round = 0; round < 5; round += 1) {
          now += 1000;
          changes.push((await put(store, 'set', ref, { name: 'history', description: `${round}` })).change);
        }
        const newestFirst = changes.map(({ id }) => id).toReversed();
        const target = await all((page) => store.listChanges({ target: 'set/history' }, page), 2);
        expect(target.map(({ id }) => id)).toEqual(newestFirst);
        const query = { month: monthOf(now), since: Date.parse(changes[2]!.at) };
        const recent = await all((page) => store.listChanges(query, page), 2);
        expect(recent.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
      });

      it('tells which changes were made, through everything that came after', async () => {
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

      it('cannot tell what became of a target whose tombstone is gone', async () => {
        const ref = mappingRef(mapping('purged'));
        const { change, current } = await put(store, 'mapping', ref, mapping('purged'));
        const { pk, sk } = mappingKey(ref);
        await test.client.send(
          new DeleteItemCommand({ TableName: test.table, Key: { pk: { S: pk }, sk: { S: sk } } }),
        );
        expect(must(await store.wasApplied(change))).toBe('not_applied');
        now += 31 * day;
        expect(must(await store.wasApplied(change))).toBe('unknown');
        await put(store, 'mapping', ref, mapping('purged'));
        expect(must(await store.wasApplied(change))).toBe('unknown');
        expect(must(await store.put(current, mapping('purged'), by))).toMatchObject({ conflict: 'moved' });
      });
    });

    describe('webhook tokens', () => {
      it('are made for a cluster that exists, and logged without their hash', async () => {
        await put(store, 'cluster', { id: 'hooked' }, cluster('hooked'));
        const made = must(await store.createWebhookToken('hooked', tokenHash('d'), by));
        if (!made.applied) throw new Error(made.conflict);
        expect(made.token).toMatchObject({ hash: tokenHash('d'), createdBy: alice });
        const removed = must(await store.deleteWebhookToken('hooked', made.token.id, by));
        if (!removed.applied) throw new Error(removed.conflict);
        for (const { change } of [made, removed]) {
          const logged = must(await store.readChange(change.id));
          expect(logged).toEqual(change);
          expect(must(await store.wasApplied(change))).toBe('applied');
          expect(JSON.stringify(logged)).not.toContain('sha256');
        }
        expect(
          JSON.stringify(await rawItem({ pk: 'CLUSTER#hooked', sk: `WEBHOOK#${made.token.id}` })),
        ).not.toContain('sha256');
      });
      it('are missing where there is no such cluster or token', async () => {
        expect(must(await store.createWebhookToken('nowhere', tokenHash('e'), by))).toMatchObject({
          conflict: 'missing',
        });
        expect(must(await store.deleteWebhookToken('nowhere', 'x', by))).toMatchObject({
          conflict: 'missing',
        });
      });
    });

    describe('the lease of group-sync', () => {
      it('has one holder at a time, each with a higher fencing number', async () => {
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

      it('can be taken at once when it was released, and by one only', async () => {
        now += day;
        const held = mustHold(await store.acquireLease('run-4', 1000));
        must(await store.releaseLease(held));
        const tries = await Promise.all(
          Array.from({ length: 5 }, (_, index) => store.acquireLease(`run-${index + 5}`, 1000)),
        );
        const winners = tries.map(must).filter((each) => each.held);
        expect(winners).toMatchObject([{ lease: { fence: held.fence + 1 } }]);
      });

      it('is part of every write that is made under it', async () => {
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

    describe('what a holder of the lease announces', () => {
      const forgetLease = (): Promise<unknown> =>
        test.client.send(new DeleteItemCommand({ TableName: test.table, Key: marshall(leaseKey) }));
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

      it.each(Object.entries(states))(
        'and has not written when another takes over is refused from then on, of an entry that is %s',
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

      it('and has written is left as it is, also by those who come after it', async () => {
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

      it('stays announced where the lease of whoever takes over runs out before all of it is fenced off', async () => {
        const ref = mappingRef(synced('slowly-fenced'));
        const lease = await take('first');
        must(await store.announceWrites(lease, [ref]));
        now += day;
        expect(must(await store.acquireLease('slow', 0))).toMatchObject({ held: false });
        expect(must(await store.read('mapping', ref)).state).toBe('absent');
        await take('next');
        expect(must(await store.read('mapping', ref)).state).toBe('deleted');
      });

      it('is remembered when the lease is given back, until somebody has taken it over', async () => {
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

      it('is refused once another has the lease, or nobody', async () => {
        const ref = mappingRef(synced('never'));
        const first = await take('first');
        must(await store.releaseLease(first));
        expect(must(await store.announceWrites(first, [ref]))).toBe('lease_lost');
        const second = await take('second');
        expect(must(await store.announceWrites(first, [ref]))).toBe('lease_lost');
        expect(must(await store.announceWrites(second, [ref]))).toBe('announced');
      });

      it('that cannot be read lets nobody take over: what is on its way is not known', async () => {
        const lease = await take('first');
        const Item = marshall({
          ...leaseKey,
          ...lease,
          nonce: 'n',
          announced: { fence: lease.fence, mappings: ['not an id'] },
        });
        await test.client.send(new PutItemCommand({ TableName: test.table, Item }));
        now += day;
        expect(await store.acquireLease('second', 1000)).toMatchObject({
          ok: false,
          failure: { code: 'store_unavailable' },
        });
      });
    });

    it('keeps runs of group-sync, the newest first, and replaces them', async () => {
      const run = (id: string) => ({
        id,
        state: 'running' as const,
        dryRun: false,
        requestedBy: 'schedule',
        startedAt: new Date(now).toISOString(),
        written: 0,
        bindings: [],
      });
      for (const id of ['01A', '01B', '01C']) must(await store.putRun(run(id)));
      must(await store.putRun({ ...run('01B'), state: 'done', written: 3 }));
      expect(must(await store.readRun('01B'))).toMatchObject({ state: 'done', written: 3 });
      expect(must(await store.readRun('01D'))).toBeUndefined();
      expect((await all((page) => store.listRuns(page), 2)).map(({ id }) => id)).toEqual([
        '01C',
        '01B',
        '01A',
      ]);
    });

    it('keeps the scopes that group-sync has written to', async () => {
      const lease = (fence: number) => ({ runId: `run-${fence}`, fence, expiresAt: now + 1000 });
      const scopes = async () => must(await store.readSyncedScopes());
      expect(must(await store.addSyncedScope('all', lease(1)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(1)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(2)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(1)))).toBe('lease_lost');
      expect(await scopes()).toEqual([
        { scope: 'all', fence: 1 },
        { scope: 'cluster/demo', fence: 2 },
      ]);
      must(await store.removeSyncedScope({ scope: 'all', fence: 1 }));
      expect(await scopes()).toEqual([{ scope: 'cluster/demo', fence: 2 }]);
      expect(must(await store.addSyncedScope('all', lease(2)))).toBe('noted');
      expect(await scopes()).toHaveLength(2);
    });

    it('strikes no scope off that was noted again since it was read: a late run would hide what is granted there', async () => {
      const scope = 'cluster/noted-again';
      const lease = (fence: number) => ({ runId: `run-${fence}`, fence, expiresAt: now + 1000 });
      must(await store.addSyncedScope(scope, lease(1)));
      const read = must(await store.readSyncedScopes()).find((synced) => synced.scope === scope);
      must(await store.addSyncedScope(scope, lease(2)));
      must(await store.removeSyncedScope(read!));
      expect(must(await store.readSyncedScopes())).toContainEqual({ scope, fence: 2 });
    });
  });
});
