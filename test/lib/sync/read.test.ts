import { beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../lib/errors.ts';
import type { Store } from '../../../lib/store/ports.ts';
import { member } from './builders.ts';
import { by, SyncFixture, value } from './sync-fixture.ts';

let fixture: SyncFixture;
beforeEach(async () => {
  fixture = await SyncFixture.create();
});

describe('a run', () => {
  test('refuses a binding whose cluster was deleted, and keeps its grants', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    value(await fixture.store.remove(value(await fixture.store.read('cluster', { id: 'prod' })), by));
    expect(await fixture.sync('r2')).toMatchObject({
      bindings: [{ outcome: 'refused', detail: 'There is no cluster/prod.' }],
    });
    expect(await fixture.access()).toEqual(['alice: devs']);
  });

  test('does not take a binding that the stale index does not list for a deleted one', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    const behind: Store = {
      ...fixture.store,
      listBindings: async () => ({ ok: true, value: { items: [] } }),
    };
    expect(await fixture.sync('r2', {}, { on: behind })).toMatchObject({
      planned: 0,
      bindings: [{ id: 'devs', outcome: 'ok' }],
    });
    expect(await fixture.access()).toEqual(['alice: devs']);
  });

  test('fails with the reason and changes nothing if it cannot read the table', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const blind: Store = {
      ...fixture.store,
      listMappingsByScope: async () => unavailable('store_unavailable', { cause: 'throttled' }),
    };
    expect(await fixture.sync('r1', {}, { on: blind })).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('could not be read (throttled)'),
    });
    expect(await fixture.access()).toEqual([]);
  });
});
