import { beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../lib/errors.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import { bindingKey, mappingKey } from '../../../lib/store/layout/keys.ts';
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

  test('reports a damaged binding, keeps its grants, and syncs the others', async () => {
    await fixture.bind('devs');
    await fixture.bind('ops');
    fixture.group('devs', member('alice'));
    fixture.group('ops', member('bob'));
    const { lastGood } = await fixture.sync('r1');
    await fixture.damage(bindingKey('devs'));
    fixture.group('devs');
    fixture.group('ops', member('bob'), member('carol'));
    fixture.now += 60_000;
    const run = await fixture.sync('r2');
    expect(run).toMatchObject({
      state: 'done',
      written: 1,
      bindings: [
        { id: 'ops', outcome: 'ok', added: 1 },
        { id: 'devs', outcome: 'unreadable', members: 1, removed: 0 },
      ],
    });
    expect(run.bindings[1]?.detail).toMatch(/^The binding cannot be read: it is damaged/);
    expect(run.lastGood?.['devs']).toBe(lastGood?.['devs']);
    expect(await fixture.access()).toEqual(['alice: devs', 'bob: ops', 'carol: ops']);
  });

  test('fails and names the grant if a grant is damaged, and changes nothing', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'), member('bob'));
    await fixture.sync('r1');
    const ref = {
      scope: 'cluster/prod',
      principalKey: member('alice').arn.toLowerCase(),
      owner: 'group-sync',
    } as const;
    await fixture.damage(mappingKey(ref));
    fixture.group('devs');
    const run = await fixture.sync('r2');
    expect(run).toMatchObject({ state: 'failed', written: 0 });
    expect(run.detail).toContain(`The mapping ${mappingId(ref)}`);
    expect(await fixture.access()).toEqual(['bob: devs']);
  });
});
