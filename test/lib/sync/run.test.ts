import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../lib/store/ports.ts';
import { callerFromArn } from '../../../lib/identity/caller-identity.ts';
import { denialRef } from '../../../lib/records/denial.ts';
import { lookupFor, matchEntries } from '../../../lib/resolve/resolve.ts';
import { parseSyncEvent } from '../../../lib/sync/run.ts';
import { binding, member, members } from './builders.ts';
import { by, SyncFixture, value } from './sync-fixture.ts';

let fixture: SyncFixture;
beforeEach(async () => {
  fixture = await SyncFixture.create();
});

describe('a run', () => {
  test('reads each group once, writes the grants, and stores its record', async () => {
    await fixture.bind('devs');
    await fixture.bind('devs-too', { iamGroup: binding('devs').iamGroup, groups: ['too'] });
    fixture.group('devs', member('alice'));
    const run = await fixture.sync('r1');
    expect(fixture.asked).toEqual([binding('devs').iamGroup]);
    expect(await fixture.access()).toEqual(['alice: devs too']);
    expect(run).toMatchObject({ id: 'r1', state: 'done', planned: 1, written: 1, dryRun: false });
    expect(value(await fixture.store.readRun('r1'))).toEqual(run);
  });

  test('leaves a change record for each grant, with the run as the actor', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'), member('bob'));
    await fixture.sync('r1');
    const changes = value(await fixture.store.listChanges({ month: '2026-11' }, { limit: 200 })).items;
    expect(
      changes.filter((change) => change.actor === 'group-sync/r1').map((change) => change.action),
    ).toEqual(['create', 'create']);
  });

  test.each(['constructor', 'valueof', 'tostring'])(
    'handles a binding with the id %s like any other',
    async (id) => {
      await fixture.bind(id);
      fixture.group(id, member('alice'));
      const run = await fixture.sync('r1');
      expect(run).toMatchObject({ state: 'done', written: 1, bindings: [{ id, outcome: 'ok', added: 1 }] });
      expect(run.lastGood).toEqual({ [id]: new Date(fixture.now).toISOString() });
      expect(await fixture.sync('r2')).toMatchObject({ state: 'done', planned: 0 });
      fixture.group(id);
      expect(await fixture.sync('r3')).toMatchObject({ written: 1, bindings: [{ id, removed: 1 }] });
      expect(await fixture.access()).toEqual([]);
    },
  );

  test('leaves a denied user denied whose path has changed', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('dave'));
    await fixture.sync('r1');
    const denial = { principal: { arn: member('dave').arn }, reason: 'left' };
    value(await fixture.store.put(value(await fixture.store.read('denial', denialRef(denial))), denial, by));

    const dave = member('dave', { path: 'x/' });
    fixture.group('devs', dave);
    expect(await fixture.sync('r2')).toMatchObject({ state: 'done', written: 1 });

    const cluster = { id: 'prod', partition: 'aws', sets: [], adminGroups: [] } as const;
    const caller = callerFromArn(dave.arn, { principalId: dave.userId })!;
    const entries = value(
      await fixture.store.readEntries(lookupFor(caller, cluster), new AbortController().signal),
    );
    expect(entries.mappings).toHaveLength(1);
    expect(matchEntries(caller, cluster, entries, fixture.now)).toMatchObject({
      failure: { code: 'principal_denied' },
    });
  });

  test('moves a grant under a former key: the new item is there before the old one is deleted', async () => {
    await fixture.bind('devs');
    const alice = member('alice', { path: 'eng/' });
    fixture.group('devs', alice);
    await fixture.sync('r1');
    const [grant] = await fixture.grants();
    const { id: _id, principalKey, version: _v, ...record } = grant!;
    const ref = { scope: grant!.scope, principalKey, owner: grant!.owner };
    const former = { ...ref, principalKey: alice.arn };
    value(await fixture.store.remove(value(await fixture.store.read('mapping', ref)), by));
    value(await fixture.store.put(value(await fixture.store.read('mapping', former)), record, by));
    expect(await fixture.grants()).toMatchObject([{ staleKey: true }]);

    const moved: Store = {
      ...fixture.store,
      put: async (current) => ({ ok: true, value: { applied: false, conflict: 'moved', current } }),
    };
    expect(await fixture.sync('r2', {}, { on: moved })).toMatchObject({ written: 0 });
    expect(await fixture.grants()).toMatchObject([{ staleKey: true }]);

    expect(await fixture.sync('r3')).toMatchObject({ state: 'done', written: 2, bindings: [{ updated: 1 }] });
    expect((await fixture.grants()).map(({ principalKey: key, staleKey }) => [key, staleKey])).toEqual([
      [principalKey, undefined],
    ]);
    expect(await fixture.sync('r4')).toMatchObject({ planned: 0 });
  });

  test('writes nothing if nothing has changed', async () => {
    await fixture.bind('devs');
    fixture.group('devs', ...members(5));
    await fixture.sync('r1');
    expect(await fixture.sync('r2')).toMatchObject({ state: 'done', planned: 0, written: 0 });
  });

  test('reports what it would do and writes no grant if it is a dry run', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    expect(await fixture.sync('r1', { dryRun: true })).toMatchObject({
      planned: 1,
      written: 0,
      bindings: [{ id: 'devs', added: 1 }],
    });
    expect(await fixture.access()).toEqual([]);
  });

  test('over chosen bindings does not touch the others, nor deleted ones', async () => {
    await fixture.bind('devs');
    await fixture.bind('ops');
    fixture.group('devs', member('alice'));
    fixture.group('ops', member('bob'));
    await fixture.sync('r1');
    await fixture.unbind('ops');
    fixture.group('devs');
    expect((await fixture.sync('r2', { only: ['devs'] })).bindings.map((report) => report.id)).toEqual([
      'devs',
    ]);
    expect(await fixture.access()).toEqual(['bob: ops']);
  });

  test('withdraws the grants of a deleted binding', async () => {
    await fixture.bind('devs');
    fixture.group('devs', ...members(30));
    await fixture.sync('r1');
    await fixture.unbind('devs');
    expect(await fixture.sync('r2')).toMatchObject({ written: 30, bindings: [{ id: 'devs', removed: 30 }] });
    expect(await fixture.access()).toEqual([]);
    expect(value(await fixture.store.readSyncedScopes())).toEqual([]);
  });
});

describe('an IAM group that was deleted', () => {
  test('is unreadable and keeps its grants until its binding is deleted', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    delete fixture.groups['devs'];
    expect((await fixture.sync('r2', { force: true })).bindings).toMatchObject([
      { outcome: 'unreadable', removed: 0 },
    ]);
    expect(await fixture.access()).toEqual(['alice: devs']);
    await fixture.unbind('devs');
    expect((await fixture.sync('r3')).bindings).toMatchObject([{ id: 'devs', outcome: 'ok', removed: 1 }]);
    expect(await fixture.access()).toEqual([]);
  });
});

describe('a run after a binding was changed', () => {
  test('rewrites the groups and the username of each grant, by one write each', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'), member('bob'));
    await fixture.sync('r1');
    await fixture.bind('devs', { groups: ['viewers'], username: 'dev:{{UserName}}' });
    expect(await fixture.sync('r2')).toMatchObject({
      written: 2,
      bindings: [{ added: 0, updated: 2, removed: 0 }],
    });
    expect(await fixture.access()).toEqual(['alice: viewers', 'bob: viewers']);
    expect((await fixture.grants()).map((grant) => grant.username)).toEqual([
      'dev:{{UserName}}',
      'dev:{{UserName}}',
    ]);
  });

  test('withdraws the members of the former IAM group under the guard', async () => {
    await fixture.bind('devs');
    fixture.group('devs', ...members(30));
    fixture.group('ops', member('zoe'));
    await fixture.sync('r1');
    await fixture.bind('devs', { iamGroup: binding('ops').iamGroup });
    expect((await fixture.sync('r2')).bindings).toMatchObject([{ outcome: 'guarded', added: 1, removed: 0 }]);
    expect((await fixture.sync('r3', { only: ['devs'], force: true })).bindings).toMatchObject([
      { removed: 30 },
    ]);
    expect(await fixture.access()).toEqual(['zoe: devs']);
  });
});

test('a run does not touch a manual mapping of the same user', async () => {
  const alice = member('alice');
  const ref = { scope: 'cluster/prod', principalKey: alice.arn, owner: 'manual' } as const;
  const manual = { scope: ref.scope, owner: ref.owner, username: 'boss', groups: ['admins'] };
  const before = value(
    await fixture.store.put(
      value(await fixture.store.read('mapping', ref)),
      { ...manual, principal: { arn: alice.arn } },
      by,
    ),
  );
  await fixture.bind('devs');
  fixture.group('devs', alice);
  await fixture.sync('r1');
  fixture.group('devs');
  await fixture.sync('r2');
  expect(value(await fixture.store.read('mapping', ref))).toEqual(before.current);
});

describe('the time and the lease of a run', () => {
  test('a run that nears its time limit stops and says where, and the next run goes on', async () => {
    await fixture.bind('devs');
    fixture.group('devs', ...members(250));
    let left = 150;
    const remaining = (): number => (left-- > 0 ? 600_000 : 5_000);
    const run = await fixture.sync('r1', {}, { remaining });
    expect(run).toMatchObject({
      state: 'done',
      planned: 250,
      detail: expect.stringContaining('the next run goes on'),
    });
    expect(run.written).toBeGreaterThan(0);
    expect(run.written).toBeLessThan(250);
    expect((await fixture.sync('r2')).written).toBe(250 - run.written);
    expect(await fixture.grants()).toHaveLength(200);
  });

  test('a run that a caller asked for fails and names the holder if another run holds the lease', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    value(await fixture.store.acquireLease('other', 60_000));
    expect(await fixture.sync('r1')).toMatchObject({
      state: 'failed',
      detail: 'Run other is in progress, until 2026-11-22T12:01:00.000Z at the latest: try again then.',
    });
    expect(await fixture.access()).toEqual([]);
  });

  test('a scheduled run ends without a record if another run holds the lease', async () => {
    value(await fixture.store.acquireLease('other', 60_000));
    expect(await fixture.sync('r1', { requestedBy: 'schedule' })).toMatchObject({
      state: 'done',
      written: 0,
    });
    expect(value(await fixture.store.readRun('r1'))).toBeUndefined();
  });

  test('a lease that a crashed run held expires', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    value(await fixture.store.acquireLease('crashed', 60_000));
    fixture.now += 60_000;
    expect(await fixture.sync('r1')).toMatchObject({ state: 'done', written: 1 });
  });
});

describe('the event of the sync function', () => {
  test('is a run over all bindings under the guard if it comes from the schedule', () => {
    expect(parseSyncEvent({ time: '2026-11-22T12:00:00Z' })).toMatchObject({
      requestedBy: 'schedule',
      dryRun: false,
      force: false,
    });
  });

  test('must be well-formed if it comes from the admin API', () => {
    const call = { runId: '01KAR3R5T2QJ0D6M8W1C2V3B4N', requestedBy: by.actor, dryRun: true, force: false };
    expect(parseSyncEvent(call)).toEqual(call);
    expect(() => parseSyncEvent({ ...call, force: 'yes' })).toThrow('force');
    expect(() => parseSyncEvent({ ...call, surprise: 1 })).toThrow('surprise');
  });
});
