import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDynamoDb, type LocalDynamoDb } from '../../../dev/dynamodb.ts';
import { unavailable } from '../../../lib/errors.ts';
import type { Member, Reading } from '../../../lib/groups/membership.ts';
import { runSync, type SyncRequest } from '../../../lib/groups/run-sync.ts';
import { logSyncRun } from '../../../lib/groups/sync-metrics.ts';
import { parseSyncEvent } from '../../../lib/groups/sync-request.ts';
import type { GroupBinding, StoredMapping } from '../../../lib/mapping/types.ts';
import { createStore } from '../../../lib/store/dynamodb.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { createTable } from '../../../lib/store/table-definition.ts';
import { capture } from '../../support/capture.ts';
import { createFaultyClient } from '../../support/faulty-client.ts';
import { binding, member, members, read, unreadable } from './worlds.ts';

let dynamo: LocalDynamoDb;
let store: Store;
let now: number;
let tables = 0;
let groups: Record<string, Reading>;
let asked: string[];

beforeAll(async () => {
  dynamo = await startDynamoDb();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  now = Date.parse('2026-11-22T12:00:00Z');
  groups = {};
  asked = [];
  tables += 1;
  const client = createFaultyClient(dynamo.endpoint, undefined);
  store = createStore({ table: `sync-${tables}`, region: 'eu-central-1', client, clock: () => now });
  await createTable(client, `sync-${tables}`);
  await put('cluster', { id: 'prod' }, { id: 'prod', partition: 'aws', sets: [], adminGroups: [] });
});

const value = <T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
};
const by = { actor: 'arn:aws:iam::111122223333:user/admin' };
async function put(kind: 'cluster' | 'binding', ref: { id: string }, record: object): Promise<void> {
  value(await store.put(value(await store.read(kind, ref)), record as never, by));
}
const bind = (id: string, fields: Partial<GroupBinding> = {}): Promise<void> =>
  put('binding', { id }, binding(id, fields));
async function unbind(id: string): Promise<void> {
  value(await store.remove(value(await store.read('binding', { id })), by));
}
const grants = async (): Promise<StoredMapping[]> =>
  value(await store.listMappingsByScope('cluster/prod', { limit: 200 })).items.filter(
    (mapping) => mapping.owner === 'group-sync',
  );
const names = async (): Promise<string[]> =>
  (await grants()).map((grant) => `${grant.principal.arn?.split('/').at(-1)}: ${grant.groups.join(' ')}`);

const sync = (
  runId: string,
  request: Partial<SyncRequest> = {},
  { on = store, remaining = () => 600_000 }: { on?: Store; remaining?: () => number } = {},
) =>
  runSync(
    {
      store: on,
      clock: () => now,
      remaining,
      readGroup: async ({ iamGroup }) => {
        asked.push(iamGroup);
        return groups[iamGroup.split('/').at(-1)!] ?? unreadable;
      },
    },
    { runId, requestedBy: by.actor, dryRun: false, force: false, ...request },
  );
const groupOf = (name: string, ...list: Member[]): void => {
  groups[name] = read(...list);
};

describe('a run', () => {
  test('reads each group once, writes the grants, and records itself', async () => {
    await bind('devs');
    await bind('devs-too', { iamGroup: binding('devs').iamGroup, groups: ['too'] });
    groupOf('devs', member('alice'));
    const run = await sync('r1');
    expect(asked).toEqual([binding('devs').iamGroup]);
    expect(await names()).toEqual(['alice: devs too']);
    expect(run).toMatchObject({ id: 'r1', state: 'done', planned: 1, written: 1, dryRun: false });
    expect(value(await store.readRun('r1'))).toEqual(run);
  });

  test('leaves a change record with the run as its actor for each grant', async () => {
    await bind('devs');
    groupOf('devs', member('alice'), member('bob'));
    await sync('r1');
    const changes = value(await store.listChanges({ month: '2026-11' }, { limit: 200 })).items;
    expect(
      changes.filter((change) => change.actor === 'group-sync/r1').map((change) => change.action),
    ).toEqual(['create', 'create']);
  });

  test('writes nothing when nothing has changed', async () => {
    await bind('devs');
    groupOf('devs', ...members(5));
    await sync('r1');
    expect(await sync('r2')).toMatchObject({ state: 'done', planned: 0, written: 0 });
  });

  test('as a dry run says what it would do, and writes no grant', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    expect(await sync('r1', { dryRun: true })).toMatchObject({
      planned: 1,
      written: 0,
      bindings: [{ id: 'devs', added: 1 }],
    });
    expect(await names()).toEqual([]);
  });

  test('over chosen bindings leaves the others alone, deleted ones too', async () => {
    await bind('devs');
    await bind('ops');
    groupOf('devs', member('alice'));
    groupOf('ops', member('bob'));
    await sync('r1');
    await unbind('ops');
    groupOf('devs');
    expect((await sync('r2', { only: ['devs'] })).bindings.map((report) => report.id)).toEqual(['devs']);
    expect(await names()).toEqual(['bob: ops']);
  });

  test('withdraws what a deleted binding gave', async () => {
    await bind('devs');
    groupOf('devs', ...members(30));
    await sync('r1');
    await unbind('devs');
    expect(await sync('r2')).toMatchObject({ written: 30, bindings: [{ id: 'devs', removed: 30 }] });
    expect(await names()).toEqual([]);
    expect(value(await store.readSyncedScopes())).toEqual([]);
  });

  test('refuses a binding whose scope is gone, and keeps its grants', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    value(await store.remove(value(await store.read('cluster', { id: 'prod' })), by));
    expect(await sync('r2')).toMatchObject({
      bindings: [{ outcome: 'refused', detail: 'There is no cluster/prod.' }],
    });
    expect(await names()).toEqual(['alice: devs']);
  });

  test('does not take a binding that the index does not show yet for a deleted one', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    const behind: Store = { ...store, listBindings: async () => ({ ok: true, value: { items: [] } }) };
    expect(await sync('r2', {}, { on: behind })).toMatchObject({
      planned: 0,
      bindings: [{ id: 'devs', outcome: 'ok' }],
    });
    expect(await names()).toEqual(['alice: devs']);
  });

  test('that cannot read the table fails, says why, and changes nothing', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const blind: Store = {
      ...store,
      listMappingsByScope: async () => unavailable('store_unavailable', { cause: 'throttled' }),
    };
    expect(await sync('r1', {}, { on: blind })).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('could not be read (throttled)'),
    });
    expect(await names()).toEqual([]);
  });
});

describe('time and the lease', () => {
  test('a run that nears its limit stops, says where, and the next one goes on', async () => {
    await bind('devs');
    groupOf('devs', ...members(250));
    let left = 150;
    const remaining = (): number => (left-- > 0 ? 600_000 : 5_000);
    const run = await sync('r1', {}, { remaining });
    expect(run).toMatchObject({
      state: 'done',
      planned: 250,
      detail: expect.stringContaining('the next run goes on'),
    });
    expect(run.written).toBeGreaterThan(0);
    expect(run.written).toBeLessThan(250);
    expect((await sync('r2')).written).toBe(250 - run.written);
    expect(await grants()).toHaveLength(200);
  });

  test('while one run holds the lease another writes nothing: asked for by a person it says who does', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    value(await store.acquireLease('other', 60_000));
    expect(await sync('r1')).toMatchObject({
      state: 'failed',
      detail: 'Run other is under way, until 2026-11-22T12:01:00.000Z at most: try again then.',
    });
    expect(await names()).toEqual([]);
  });

  test('the schedule just stands back: it comes again', async () => {
    value(await store.acquireLease('other', 60_000));
    expect(await sync('r1', { requestedBy: 'schedule' })).toMatchObject({ state: 'done', written: 0 });
    expect(value(await store.readRun('r1'))).toBeUndefined();
  });

  test('a lease that a crash left behind runs out', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    value(await store.acquireLease('crashed', 60_000));
    now += 60_000;
    expect(await sync('r1')).toMatchObject({ state: 'done', written: 1 });
  });
});

describe('what a run reports', () => {
  test('the last good run of a binding is carried on while its group cannot be read', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    const good = new Date(now).toISOString();
    now += 3_600_000;
    groups['devs'] = unreadable;
    const run = await sync('r2');
    expect(run.lastGood).toEqual({ devs: good });
    const lines: string[] = [];
    logSyncRun(run, now, (line) => {
      capture(line);
      lines.push(line);
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: 'sync-run', Function: 'group-sync', SyncAge: 3600, SyncUnreadable: 1, SyncFailures: 0 },
      { event: 'sync-binding', Binding: 'devs', SyncBindingAge: 3600, SyncMembers: 1, outcome: 'unreadable' },
    ]);
  });

  test('each metric of a line is a number in that line, under dimensions that it has', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const lines: string[] = [];
    logSyncRun(await sync('r1'), now, (line) => void lines.push(line));
    for (const line of lines) {
      const event = JSON.parse(line) as Record<string, unknown> & {
        _aws: {
          CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
        };
      };
      for (const { Namespace, Dimensions, Metrics } of event._aws.CloudWatchMetrics) {
        expect(Namespace).toBe('Countersign');
        for (const name of Dimensions.flat()) expect(event[name]).toEqual(expect.any(String));
        for (const { Name } of Metrics) expect(event[Name]).toEqual(expect.any(Number));
      }
    }
  });
});

describe('what the function is called with', () => {
  test('an event of the schedule is a run over everything, under the guard', () => {
    expect(parseSyncEvent({ time: '2026-11-22T12:00:00Z' })).toMatchObject({
      requestedBy: 'schedule',
      dryRun: false,
      force: false,
    });
  });

  test('a call of the admin API must be well-formed', () => {
    const call = { runId: '01KAR3R5T2QJ0D6M8W1C2V3B4N', requestedBy: by.actor, dryRun: true, force: false };
    expect(parseSyncEvent(call)).toEqual(call);
    expect(() => parseSyncEvent({ ...call, force: 'yes' })).toThrow('force');
    expect(() => parseSyncEvent({ ...call, surprise: 1 })).toThrow('surprise');
  });
});
