import { beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../lib/errors.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { member, unreadable } from './builders.ts';
import { SyncFixture } from './sync-fixture.ts';

let fixture: SyncFixture;
beforeEach(async () => {
  fixture = await SyncFixture.create();
});

describe('the log of a run', () => {
  test('has the age of the last good run even if the bindings could not be read', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    fixture.now += 7_200_000;
    const blind: Store = {
      ...fixture.store,
      readSyncedScopes: async () => unavailable('store_unavailable', { cause: 'throttled' }),
    };
    expect(fixture.log(await fixture.sync('r2', {}, { on: blind }))).toMatchObject([
      { state: 'failed', SyncFailures: 1, SyncAge: 7200 },
    ]);
  });

  test('has no SyncAge if neither the runs nor the bindings could be read', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    const failure = unavailable('store_unavailable', { cause: 'throttled' });
    const outage: Store = {
      ...fixture.store,
      listRuns: async () => failure,
      putRun: async () => failure,
      readSyncedScopes: async () => failure,
      listBindings: async () => failure,
      acquireLease: async () => failure,
    };
    const [line] = fixture.log(await fixture.sync('r2', {}, { on: outage }));
    expect(line).toMatchObject({ state: 'failed', SyncFailures: 1 });
    expect(line).not.toHaveProperty('SyncAge');
    expect(JSON.stringify(line)).not.toContain('SyncAge');
  });

  test('has no age if the runs cannot be listed, and the next run has the age that the runs before it knew', async () => {
    await fixture.bind('devs');
    await fixture.bind('ops');
    fixture.now += 86_400_000;
    fixture.group('devs', member('alice'));
    fixture.group('ops', member('bob'));
    await fixture.sync('r1');
    fixture.now += 60_000;
    fixture.groups['ops'] = unreadable;
    const failure = unavailable('store_unavailable', { cause: 'throttled' });
    const forgetful: Store = { ...fixture.store, listRuns: async () => failure };
    const lines = fixture.log(await fixture.sync('r2', {}, { on: forgetful }));
    expect(lines).toMatchObject([{ state: 'done' }, { Binding: 'devs' }, { Binding: 'ops' }]);
    expect(JSON.stringify(lines)).not.toMatch(/Sync(?:Binding)?Age/);
    expect(fixture.log(await fixture.sync('r3'))).toMatchObject([
      { SyncAge: 60 },
      { Binding: 'devs', SyncBindingAge: 0 },
      { Binding: 'ops', SyncBindingAge: 60 },
    ]);
  });

  test('has a SyncAge of 0 if there is no binding', async () => {
    expect(fixture.log(await fixture.sync('r1'))).toMatchObject([{ state: 'done', SyncAge: 0 }]);
  });

  test('has the age of the oldest binding as SyncAge', async () => {
    await fixture.bind('devs');
    await fixture.bind('ops');
    fixture.group('devs', member('alice'));
    fixture.group('ops', member('bob'));
    await fixture.sync('r1');
    fixture.now += 3_600_000;
    fixture.groups['ops'] = unreadable;
    await fixture.sync('r2');
    fixture.now += 60_000;
    expect(fixture.log(await fixture.sync('r3'))).toMatchObject([
      { SyncAge: 3660 },
      { Binding: 'devs', SyncBindingAge: 0 },
      { Binding: 'ops', SyncBindingAge: 3660 },
    ]);
  });

  test('has no metrics if the run is a dry run', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const events = fixture.log(await fixture.sync('r1', { dryRun: true }));
    expect(events).toMatchObject([{ event: 'sync-run', dryRun: true }, { event: 'sync-binding' }]);
    for (const event of events) expect(event).not.toHaveProperty('_aws');
  });

  test('has each metric as a number in its line, and each dimension as a string', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    for (const event of fixture.log(await fixture.sync('r1'))) {
      const { CloudWatchMetrics } = event['_aws'] as {
        CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
      };
      for (const { Namespace, Dimensions, Metrics } of CloudWatchMetrics) {
        expect(Namespace).toBe('Countersign');
        for (const name of Dimensions.flat()) expect(event[name]).toEqual(expect.any(String));
        for (const { Name } of Metrics) expect(event[Name]).toEqual(expect.any(Number));
      }
    }
  });
});
