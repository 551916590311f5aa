/** Writes whose answers are lost, whose process ends half-way, or that race: the log and the table stay one story. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { startDynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';
import type { DynamoDbProxy, WireCall } from '../../../fixtures/dynamodb-proxy.ts';
import { mapping, mappingRef } from '../../../fixtures/records.ts';
import { must, mustApply, mustHold, put } from '../../../fixtures/store-writes.ts';

const by = { actor: 'admin' };
const keyOf = (call: WireCall): string =>
  call.operation === 'PutItem' ? (call.input['Item'] as { pk: { S: string } }).pk.S : '';
const isLog = (call: WireCall): boolean => keyOf(call).startsWith('CHANGES#');
const isItem = (call: WireCall): boolean => keyOf(call).startsWith('PRINCIPAL#');

describe('an interrupted write', () => {
  let table: TestTable;
  let proxy: DynamoDbProxy;
  let store: Store;
  let count = 0;

  beforeAll(async () => {
    table = await createTestTable();
    proxy = await startDynamoDbProxy(table.endpoint);
    store = table.store({ endpoint: proxy.endpoint });
  });
  afterAll(async () => {
    await proxy?.close();
    await table?.close();
  });
  beforeEach(() => proxy.reset());

  const fresh = () => {
    count += 1;
    const record = mapping(`interrupted-${count}`);
    return { record, ref: mappingRef(record) };
  };
  const changesOf = async (target: string) => must(await store.listChanges({ target }, { limit: 20 })).items;

  test('sends the log record before the item', async () => {
    const { record, ref } = fresh();
    await put(store, 'mapping', ref, record);
    const puts = proxy.calls.filter(({ operation }) => operation === 'PutItem');
    expect(puts.map((call) => (isLog(call) ? 'log' : 'item'))).toEqual(['log', 'item']);
    expect(puts[1]?.input['ConditionExpression']).toBe('attribute_not_exists(pk)');
  });

  test('whose log record cannot be written changes nothing', async () => {
    const { record, ref } = fresh();
    const before = must(await store.read('mapping', ref));
    proxy.onCall((call) =>
      isLog(call) ? { status: 400, body: { __type: 'x#AccessDeniedException' } } : undefined,
    );
    expect(await store.put(before, record, by)).toMatchObject({
      ok: false,
      failure: { code: 'store_unavailable' },
    });
    expect(proxy.calls.filter(isItem)).toEqual([]);
    proxy.reset();
    expect(must(await store.read('mapping', ref)).state).toBe('absent');
  });

  test('by a crash between log and item leaves a log record that is not applied', async () => {
    const { record, ref } = fresh();
    const { change, current } = await put(store, 'mapping', ref, record);
    proxy.onCall((call) =>
      isItem(call) ? { status: 400, body: { __type: 'x#ValidationException' } } : undefined,
    );
    expect(await store.put(current, { ...record, username: 'never' }, by)).toMatchObject({ ok: false });
    proxy.reset();

    expect(must(await store.read('mapping', ref))).toEqual(current);
    const [orphan, applied] = await changesOf(change.target);
    expect(applied?.id).toBe(change.id);
    expect(must(await store.wasApplied(orphan!))).toBe('not_applied');

    // The next writer takes the same version; the orphan stays what it is.
    const { change: next } = mustApply(await store.put(current, { ...record, username: 'next' }, by));
    expect(next).toMatchObject({ version: orphan!.version, previous: change.id });
    expect(must(await store.wasApplied(orphan!))).toBe('not_applied');
    expect(must(await store.wasApplied(next))).toBe('applied');
  });

  test('whose answer is lost is applied exactly once and reported as applied, although the SDK repeats it', async () => {
    const { record, ref } = fresh();
    let lost = 0;
    proxy.onCall((call) => (isItem(call) && (lost += 1) === 1 ? 'lose_answer' : undefined));
    const { change, current } = await put(store, 'mapping', ref, record);
    expect(lost).toBe(2);
    expect(current).toMatchObject({ version: 1, changeId: change.id });
    expect(await changesOf(change.target)).toHaveLength(1);
  });

  test('whose answers are all lost is resolved by a read', async () => {
    const { record, ref } = fresh();
    const before = must(await store.read('mapping', ref));
    proxy.onCall((call) => (isItem(call) ? 'lose_answer' : undefined));
    const outcome = must(await store.put(before, record, by));
    expect(outcome).toMatchObject({ applied: true, current: { version: 1 } });
  });

  test('whose answer is lost and whose record is then overwritten is reported as applied', async () => {
    const { record, ref } = fresh();
    const { current } = await put(store, 'mapping', ref, record);
    const direct = table.store();
    let overtaken = false;
    proxy.onCall((call) => (isItem(call) && !overtaken ? 'lose_answer' : undefined));
    const write = store.put(current, { ...record, username: 'mine' }, by);
    for (;;) {
      const now = must(await direct.read('mapping', ref));
      if (now.version === 2) {
        mustApply(await direct.put(now, { ...record, username: 'theirs' }, by));
        overtaken = true;
        break;
      }
    }
    expect(must(await write)).toMatchObject({ applied: true, change: { version: 2 } });
    expect(must(await store.read('mapping', ref))).toMatchObject({
      version: 3,
      record: { username: 'theirs' },
    });
  });

  test('that acquires a lease and loses its answer still holds the lease', async () => {
    let lost = false;
    proxy.onCall((call) => {
      if (keyOf(call) !== 'SYNC' || lost) return undefined;
      lost = true;
      return 'lose_answer';
    });
    expect(must(await store.acquireLease('run-1', 1000))).toMatchObject({ held: true, lease: { fence: 1 } });
    expect(lost).toBe(true);
  });

  test('announced by an expired lease holder prevents the acquisition of the lease', async () => {
    const ref = { ...mappingRef(mapping('announced-late')), owner: 'group-sync' as const };
    let now = Date.now() + 1_000_000;
    const other = table.store({ endpoint: proxy.endpoint, clock: () => now });
    const late = mustHold(await other.acquireLease('late', 1000));
    now += 1000;
    let announced: unknown;
    proxy.onCall(async (call) => {
      if (keyOf(call) !== 'SYNC' || announced !== undefined) return undefined;
      announced = must(await table.store().announceWrites(late, [ref]));
      return undefined;
    });
    expect(must(await other.acquireLease('next', 1000))).toMatchObject({ held: false, by: 'late' });
    expect(announced).toBe('announced');
    expect(must(await other.acquireLease('next', 1000))).toMatchObject({ held: true });
    expect(must(await other.read('mapping', ref))).toMatchObject({ state: 'deleted' });
  });

  test('that cannot be fenced by a new lease holder stays announced, and the lease is released', async () => {
    const ref = { ...mappingRef(mapping('announced-and-unreachable')), owner: 'group-sync' as const };
    const now = Date.now() + 10_000_000;
    const other = table.store({ endpoint: proxy.endpoint, clock: () => now });
    const first = mustHold(await other.acquireLease('first', 1000));
    must(await other.announceWrites(first, [ref]));
    must(await other.releaseLease(first));
    proxy.onCall((call) =>
      isItem(call) ? { status: 400, body: { __type: 'x#AccessDeniedException' } } : undefined,
    );
    expect(await other.acquireLease('second', 1000)).toMatchObject({ ok: false });
    proxy.reset();
    expect(must(await other.read('mapping', ref)).state).toBe('absent');
    expect(must(await other.acquireLease('third', 1000))).toMatchObject({ held: true });
    expect(must(await other.read('mapping', ref))).toMatchObject({ state: 'deleted' });
  });

  test('whose lease expires between log and item sends no item', async () => {
    const { record } = fresh();
    const synced = { ...record, owner: 'group-sync' as const };
    let now = Date.now();
    const slow = table.store({ endpoint: proxy.endpoint, clock: () => now });
    const before = must(await slow.read('mapping', mappingRef(synced)));
    proxy.onCall((call) => {
      if (isLog(call)) now += 1000;
      return undefined;
    });
    const lease = { runId: 'r', fence: 1, expiresAt: now + 1000 };
    expect(must(await slow.put(before, synced, { actor: 'group-sync/r', lease }))).toMatchObject({
      applied: false,
      conflict: 'lease_lost',
    });
    expect(proxy.calls.filter(isItem)).toEqual([]);
  });

  test('leaves no item without its record in the log', async () => {
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.table }));
    const items = Items.map((item) => unmarshall(item));
    const logged = new Set(items.filter(({ pk }) => String(pk).startsWith('CHANGES#')).map(({ sk }) => sk));
    const changed = items.filter(({ pk }) => String(pk).startsWith('PRINCIPAL#'));
    expect(changed.length).toBeGreaterThan(3);
    expect(changed.filter(({ changeId }) => !logged.has(changeId))).toEqual([]);
  });
});
