import { beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../lib/errors.ts';
import type { Member, Reading } from '../../../lib/sync/grants/membership.ts';
import { runSync, type SyncRequest } from '../../../lib/sync/run.ts';
import { logSyncRun } from '../../../lib/sync/metrics.ts';
import { parseSyncEvent } from '../../../lib/sync/request.ts';
import type { GroupBinding } from '../../../lib/records/binding.ts';
import type { StoredMapping } from '../../../lib/records/mapping.ts';
import { createStore } from '../../../lib/store/dynamodb/store.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { createTable } from '../../../lib/store/layout/table-definition.ts';
import { capture } from '../../fixtures/capture.ts';
import { createEngine } from '../../fixtures/dynamodb-engine.ts';
import { createFaultyClient } from '../../fixtures/faulty-client.ts';
import { binding, member, members, read, unreadable } from './worlds.ts';

const engine = createEngine();
let store: Store;
let now: number;
let tables = 0;
let groups: Record<string, Reading>;
let asked: string[];

beforeEach(async () => {
  now = Date.parse('2026-11-22T12:00:00Z');
  groups = {};
  asked = [];
  tables += 1;
  const client = createFaultyClient(engine);
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

  test.each(['constructor', 'valueof', 'tostring'])(
    'of a binding called %s is one like any other',
    async (id) => {
      await bind(id);
      groupOf(id, member('alice'));
      const run = await sync('r1');
      expect(run).toMatchObject({ state: 'done', written: 1, bindings: [{ id, outcome: 'ok', added: 1 }] });
      expect(run.lastGood).toEqual({ [id]: new Date(now).toISOString() });
      expect(await sync('r2')).toMatchObject({ state: 'done', planned: 0 });
      groupOf(id);
      expect(await sync('r3')).toMatchObject({ written: 1, bindings: [{ id, removed: 1 }] });
      expect(await names()).toEqual([]);
    },
  );

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

describe('a group that is gone', () => {
  test('is unreadable, and keeps its grants, until its binding is deleted', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    delete groups['devs'];
    expect((await sync('r2', { force: true })).bindings).toMatchObject([
      { outcome: 'unreadable', removed: 0 },
    ]);
    expect(await names()).toEqual(['alice: devs']);
    await unbind('devs');
    expect((await sync('r3')).bindings).toMatchObject([{ id: 'devs', outcome: 'ok', removed: 1 }]);
    expect(await names()).toEqual([]);
  });
});

describe('a binding that was changed', () => {
  test('gives its new groups and name to those who have it, by one write each', async () => {
    await bind('devs');
    groupOf('devs', member('alice'), member('bob'));
    await sync('r1');
    await bind('devs', { groups: ['viewers'], username: 'dev:{{UserName}}' });
    expect(await sync('r2')).toMatchObject({ written: 2, bindings: [{ added: 0, updated: 2, removed: 0 }] });
    expect(await names()).toEqual(['alice: viewers', 'bob: viewers']);
    expect((await grants()).map((grant) => grant.username)).toEqual(['dev:{{UserName}}', 'dev:{{UserName}}']);
  });

  test('and then names another IAM group: its members come and go under the guard', async () => {
    await bind('devs');
    groupOf('devs', ...members(30));
    groupOf('ops', member('zoe'));
    await sync('r1');
    await bind('devs', { iamGroup: binding('ops').iamGroup });
    expect((await sync('r2')).bindings).toMatchObject([{ outcome: 'guarded', added: 1, removed: 0 }]);
    expect((await sync('r3', { only: ['devs'], force: true })).bindings).toMatchObject([{ removed: 30 }]);
    expect(await names()).toEqual(['zoe: devs']);
  });
});

test('a manual entry for the same person is never touched', async () => {
  const alice = member('alice');
  const ref = { scope: 'cluster/prod', principalKey: alice.arn, owner: 'manual' } as const;
  const manual = { scope: ref.scope, owner: ref.owner, username: 'boss', groups: ['admins'] };
  const before = value(
    await store.put(
      value(await store.read('mapping', ref)),
      { ...manual, principal: { arn: alice.arn } },
      by,
    ),
  );
  await bind('devs');
  groupOf('devs', alice);
  await sync('r1');
  groupOf('devs');
  await sync('r2');
  expect(value(await store.read('mapping', ref))).toEqual(before.current);
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

describe('a username that passes from one person to another', () => {
  const again = member('alice', { path: 'eng/', id: 'AIDANEW' });
  const holders = async () => (await grants()).map((grant) => grant.principalId);
  const handOver = async (): Promise<void> => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    groupOf('devs', again);
  };

  test('is there for the second as soon as the first is withdrawn', async () => {
    await handOver();
    expect(await sync('r2')).toMatchObject({ state: 'done', planned: 2, written: 2 });
    expect(await holders()).toEqual(['AIDANEW']);
  });

  test('stays where it is if the first could not be withdrawn, and the next run goes on', async () => {
    await handOver();
    const moved: Store = {
      ...store,
      remove: async (current) => ({ ok: true, value: { applied: false, conflict: 'moved', current } }),
    };
    expect(await sync('r2', {}, { on: moved })).toMatchObject({
      written: 0,
      detail: '0 of 2 grants were written; 1 had changed meanwhile. The rest is left to the next run.',
    });
    expect(await holders()).toEqual([member('alice').userId]);
    expect(await sync('r3')).toMatchObject({ written: 2 });
    expect(await holders()).toEqual(['AIDANEW']);
  });
});

describe('a run that cannot announce its writes', () => {
  const announcing = (announceWrites: Store['announceWrites']): Store => ({ ...store, announceWrites });

  test('because the table does not answer, writes nothing and fails', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const on = announcing(async () => unavailable('store_unavailable', { cause: 'throttled' }));
    expect(await sync('r1', {}, { on })).toMatchObject({ state: 'failed', written: 0 });
    expect(await names()).toEqual([]);
  });

  test('because another run has taken over, writes nothing and says so', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const on = announcing(async () => ({ ok: true, value: 'lease_lost' }));
    expect(await sync('r1', {}, { on })).toMatchObject({
      state: 'failed',
      detail: '0 of 1 grants were written before another run took over.',
    });
    expect(await names()).toEqual([]);
  });

  test('nor note the scope of its first grant', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const on: Store = { ...store, addSyncedScope: async () => ({ ok: true, value: 'lease_lost' }) };
    expect(await sync('r1', {}, { on })).toMatchObject({ state: 'failed', written: 0 });
    expect(await names()).toEqual([]);
  });
});

describe('a run that wakes after its lease', () => {
  /** Sleeps past the lease at this write: 1 is the lease itself, 2 the record of the run. */
  async function sleepAt(atWrite: number): Promise<{ before: number; after: number; detail?: string }> {
    await bind('devs');
    groupOf('devs', ...members(12));
    const sent: string[] = [];
    let before = 0;
    const act = async (): Promise<void> => {
      before = sent.length;
      now += 3_600_000;
    };
    const client = createFaultyClient(
      async (operation, input) => {
        const { Item } = input as { Item?: { pk: { S: string } } };
        if (operation === 'PutItem' && Item?.pk.S.startsWith('PRINCIPAL#') === true) sent.push(Item.pk.S);
        return engine(operation, input);
      },
      { atWrite, when: 'after', act },
    );
    const on = createStore({ table: `sync-${tables}`, region: 'eu-central-1', client, clock: () => now });
    const { detail } = await sync('r1', {}, { on });
    return { before, after: sent.length, ...(detail === undefined ? {} : { detail }) };
  }

  test.each([
    ['while it planned', 3],
    ['as it noted the scope', 4],
  ])('sends no write at all where it fell asleep %s', async (_name, atWrite) => {
    expect(await sleepAt(atWrite)).toEqual({
      before: 0,
      after: 0,
      detail: '0 of 12 grants were written before another run took over.',
    });
    expect(await names()).toEqual([]);
  });

  test('with a grant on its way, of an entry that never existed, is refused: the run that took over saw it announced', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const act = async (): Promise<void> => {
      groupOf('devs');
      now += 3_600_000;
      expect(await sync('r2')).toMatchObject({ state: 'done', planned: 0 });
    };
    const fault = { atWrite: 1, partition: 'PRINCIPAL#', when: 'before', act } as const;
    const client = createFaultyClient(engine, fault);
    const on = createStore({ table: `sync-${tables}`, region: 'eu-central-1', client, clock: () => now });
    expect(await sync('r1', {}, { on })).toMatchObject({ written: 0 });
    expect(await names()).toEqual([]);
    const changes = value(await store.listChanges({ month: '2026-11' }, { limit: 200 })).items;
    const applied = changes.filter((change) => change.actor === 'group-sync/r1');
    expect(await Promise.all(applied.map(async (change) => value(await store.wasApplied(change))))).toEqual([
      'not_applied',
    ]);
  });

  test('sends no further write where it fell asleep among them, not even of entries that never existed', async () => {
    // 1 lease, 2 and 3 its record, 4 the scope, 5 the announcement; then change records and grants, eight at a time.
    const { before, after, detail } = await sleepAt(16);
    expect(before).toBeGreaterThan(0);
    expect(after).toBe(before);
    expect(detail).toContain('of 12 grants were written before another run took over');
    expect((await sync('r2')).state).toBe('done');
    expect(await grants()).toHaveLength(12);
  });
});

describe('one event that is delivered twice', () => {
  test('is one run: the second delivery changes nothing, and the report stays', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const first = await sync('r1');
    groupOf('devs', member('bob'));
    expect(await sync('r1')).toEqual(first);
    expect(value(await store.readRun('r1'))).toEqual(first);
    expect(await names()).toEqual(['alice: devs']);
  });

  test('while the first is under way, the record stays that of the first', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const [first, second] = await Promise.all([sync('r1'), sync('r1')]);
    const record = value(await store.readRun('r1'));
    expect([first, second]).toContainEqual(record);
    expect(record).toMatchObject({ state: 'done', written: 1 });
  });
});

describe('a run that died without a report', () => {
  const died = (id: string, startedAt: number) =>
    store.putRun({
      id,
      state: 'running',
      dryRun: false,
      requestedBy: by.actor,
      startedAt: new Date(startedAt).toISOString(),
      written: 0,
      bindings: [],
    });

  test('is failed once it has run for longer than a lease, so that nobody waits for it', async () => {
    await died('r1', now - 3_600_000);
    await sync('r2');
    expect(value(await store.readRun('r1'))).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('ended without a report'),
    });
  });

  test('one that was only just asked for is left to its function', async () => {
    await died('r1', now - 1000);
    await sync('r2');
    expect(value(await store.readRun('r1'))).toMatchObject({ state: 'running' });
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

  test('a member who is refused a taken username does not make the binding old: it was read, and all else written', async () => {
    await bind('devs', { username: 'dev' });
    groupOf('devs', member('alice'), member('bob'));
    await sync('r1');
    now += 3_600_000;
    const run = await sync('r2');
    expect(run).toMatchObject({
      bindings: [{ outcome: 'refused' }],
      lastGood: { devs: new Date(now).toISOString() },
    });
  });

  test('a guarded binding is old: access that should perhaps be gone is still there', async () => {
    await bind('devs');
    groupOf('devs', ...members(30));
    await sync('r1');
    const good = new Date(now).toISOString();
    groupOf('devs');
    now += 3_600_000;
    expect(await sync('r2')).toMatchObject({ bindings: [{ outcome: 'guarded' }], lastGood: { devs: good } });
  });

  test('a run that could not even read the bindings still tells how old the last good one is', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    await sync('r1');
    now += 7_200_000;
    const blind: Store = {
      ...store,
      readSyncedScopes: async () => unavailable('store_unavailable', { cause: 'throttled' }),
    };
    const lines: string[] = [];
    logSyncRun(await sync('r2', {}, { on: blind }), now, (line) => void lines.push(line));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { state: 'failed', SyncFailures: 1, SyncAge: 7200 },
    ]);
  });

  test('a dry run is logged, and counts nowhere', async () => {
    await bind('devs');
    groupOf('devs', member('alice'));
    const lines: string[] = [];
    logSyncRun(await sync('r1', { dryRun: true }), now, (line) => void lines.push(line));
    const events = lines.map((line) => JSON.parse(line) as object);
    expect(events).toMatchObject([{ event: 'sync-run', dryRun: true }, { event: 'sync-binding' }]);
    for (const event of events) expect(event).not.toHaveProperty('_aws');
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
