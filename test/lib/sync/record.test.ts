import { beforeEach, describe, expect, test } from 'vitest';
import { member, members, unreadable } from './builders.ts';
import { by, SyncFixture, value } from './sync-fixture.ts';

let fixture: SyncFixture;
beforeEach(async () => {
  fixture = await SyncFixture.create();
});

describe('a repeated delivery of one event', () => {
  test('changes nothing after the run has ended, and keeps the report', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const first = await fixture.sync('r1');
    fixture.group('devs', member('bob'));
    expect(await fixture.sync('r1')).toEqual(first);
    expect(value(await fixture.store.readRun('r1'))).toEqual(first);
    expect(await fixture.access()).toEqual(['alice: devs']);
  });

  test('keeps the record of the first delivery while that run is in progress', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const [first, second] = await Promise.all([fixture.sync('r1'), fixture.sync('r1')]);
    const record = value(await fixture.store.readRun('r1'));
    expect([first, second]).toContainEqual(record);
    expect(record).toMatchObject({ state: 'done', written: 1 });
  });
});

describe('a run that ended without a report', () => {
  const died = (id: string, startedAt: number) =>
    fixture.store.putRun({
      id,
      state: 'running',
      dryRun: false,
      requestedBy: by.actor,
      startedAt: new Date(startedAt).toISOString(),
      written: 0,
      bindings: [],
    });

  test('is marked as failed once it is older than a lease', async () => {
    await died('r1', fixture.now - 3_600_000);
    await fixture.sync('r2');
    expect(value(await fixture.store.readRun('r1'))).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('ended without a report'),
    });
  });

  test('stays running while it is younger than a lease', async () => {
    await died('r1', fixture.now - 1000);
    await fixture.sync('r2');
    expect(value(await fixture.store.readRun('r1'))).toMatchObject({ state: 'running' });
  });
});

describe('the report of a run', () => {
  test('carries on the last good run of a binding while its group cannot be read', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    const good = new Date(fixture.now).toISOString();
    fixture.now += 3_600_000;
    fixture.groups['devs'] = unreadable;
    const run = await fixture.sync('r2');
    expect(run.lastGood).toEqual({ devs: good });
    expect(fixture.log(run)).toMatchObject([
      { event: 'sync-run', Function: 'group-sync', SyncAge: 3600, SyncUnreadable: 1, SyncFailures: 0 },
      { event: 'sync-binding', Binding: 'devs', SyncBindingAge: 3600, SyncMembers: 1, outcome: 'unreadable' },
    ]);
  });

  test('counts a binding with a refused username as good: its membership is current', async () => {
    await fixture.bind('devs', { username: 'dev' });
    fixture.group('devs', member('alice'), member('bob'));
    await fixture.sync('r1');
    fixture.now += 3_600_000;
    const run = await fixture.sync('r2');
    expect(run).toMatchObject({
      bindings: [{ outcome: 'refused' }],
      lastGood: { devs: new Date(fixture.now).toISOString() },
    });
  });

  test('does not count a guarded binding as good: withdrawals are pending', async () => {
    await fixture.bind('devs');
    fixture.group('devs', ...members(30));
    await fixture.sync('r1');
    const good = new Date(fixture.now).toISOString();
    fixture.group('devs');
    fixture.now += 3_600_000;
    expect(await fixture.sync('r2')).toMatchObject({
      bindings: [{ outcome: 'guarded' }],
      lastGood: { devs: good },
    });
  });
});
