import { beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../lib/errors.ts';
import type { Store } from '../../../lib/store/ports.ts';
import type { Engine } from '../../fixtures/dynamodb-engine.ts';
import { member, members } from './builders.ts';
import { SyncFixture, value } from './sync-fixture.ts';

let fixture: SyncFixture;
beforeEach(async () => {
  fixture = await SyncFixture.create();
});

describe('a username that passes from one user to another', () => {
  const again = member('bob', { id: 'AIDANEW' });
  const holders = async () => (await fixture.grants()).map((grant) => grant.principalId);
  const handOver = async (): Promise<void> => {
    await fixture.bind('devs', { username: 'dev' });
    fixture.group('devs', member('alice'));
    await fixture.sync('r1');
    fixture.group('devs', again);
  };

  test('is granted to the second user as soon as the first is withdrawn', async () => {
    await handOver();
    expect(await fixture.sync('r2')).toMatchObject({ state: 'done', planned: 2, written: 2 });
    expect(await holders()).toEqual(['AIDANEW']);
  });

  test('stays with the first user if the withdrawal fails, and the next run goes on', async () => {
    await handOver();
    const moved: Store = {
      ...fixture.store,
      remove: async (current) => ({ ok: true, value: { applied: false, conflict: 'moved', current } }),
    };
    expect(await fixture.sync('r2', {}, { on: moved })).toMatchObject({
      written: 0,
      detail: '0 of 2 grants were written; 1 had changed meanwhile. The rest is left to the next run.',
    });
    expect(await holders()).toEqual([member('alice').userId]);
    expect(await fixture.sync('r3')).toMatchObject({ written: 2 });
    expect(await holders()).toEqual(['AIDANEW']);
  });
});

describe('a run that cannot announce its writes', () => {
  const announcing = (announceWrites: Store['announceWrites']): Store => ({
    ...fixture.store,
    announceWrites,
  });

  test('fails and writes nothing if the table does not answer', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const on = announcing(async () => unavailable('store_unavailable', { cause: 'throttled' }));
    expect(await fixture.sync('r1', {}, { on })).toMatchObject({ state: 'failed', written: 0 });
    expect(await fixture.access()).toEqual([]);
  });

  test('fails, writes nothing and says so if another run has taken over', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const on = announcing(async () => ({ ok: true, value: 'lease_lost' }));
    expect(await fixture.sync('r1', {}, { on })).toMatchObject({
      state: 'failed',
      detail: '0 of 1 grants were written before another run took over.',
    });
    expect(await fixture.access()).toEqual([]);
  });

  test('fails and writes nothing if it cannot note the scope of its first grant', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const on: Store = { ...fixture.store, addSyncedScope: async () => ({ ok: true, value: 'lease_lost' }) };
    expect(await fixture.sync('r1', {}, { on })).toMatchObject({ state: 'failed', written: 0 });
    expect(await fixture.access()).toEqual([]);
  });
});

describe('a run that resumes after its lease has expired', () => {
  /** The run is suspended past its lease at this write: 1 is the lease itself, 2 the record of the run. */
  async function sleepAt(atWrite: number): Promise<{ before: number; after: number; detail?: string }> {
    await fixture.bind('devs');
    fixture.group('devs', ...members(12));
    const sent: string[] = [];
    let before = 0;
    const act = async (): Promise<void> => {
      before = sent.length;
      fixture.now += 3_600_000;
    };
    const recording: Engine = async (operation, input) => {
      const { Item } = input as { Item?: { pk: { S: string } } };
      if (operation === 'PutItem' && Item?.pk.S.startsWith('PRINCIPAL#') === true) sent.push(Item.pk.S);
      return fixture.engine(operation, input);
    };
    const on = fixture.storeWith({ fault: { atWrite, when: 'after', act }, on: recording });
    const { detail } = await fixture.sync('r1', {}, { on });
    return { before, after: sent.length, ...(detail === undefined ? {} : { detail }) };
  }

  test.each([
    ['while it planned', 3],
    ['as it noted the scope', 4],
  ])('sends no write if it was suspended %s', async (_name, atWrite) => {
    expect(await sleepAt(atWrite)).toEqual({
      before: 0,
      after: 0,
      detail: '0 of 12 grants were written before another run took over.',
    });
    expect(await fixture.access()).toEqual([]);
  });

  test('has its in-flight create refused, because the run that took over saw it announced', async () => {
    await fixture.bind('devs');
    fixture.group('devs', member('alice'));
    const act = async (): Promise<void> => {
      fixture.group('devs');
      fixture.now += 3_600_000;
      expect(await fixture.sync('r2')).toMatchObject({ state: 'done', planned: 0 });
    };
    const fault = { atWrite: 1, partition: 'PRINCIPAL#', when: 'before', act } as const;
    const on = fixture.storeWith({ fault });
    expect(await fixture.sync('r1', {}, { on })).toMatchObject({ written: 0 });
    expect(await fixture.access()).toEqual([]);
    const changes = value(await fixture.store.listChanges({ month: '2026-11' }, { limit: 200 })).items;
    const applied = changes.filter((change) => change.actor === 'group-sync/r1');
    expect(
      await Promise.all(applied.map(async (change) => value(await fixture.store.wasApplied(change)))),
    ).toEqual(['not_applied']);
  });

  test('sends no further write if it was suspended between two writes, not even creates', async () => {
    // 1 lease, 2 and 3 its record, 4 the scope, 5 the announcement; then change records and grants, eight at a time.
    const { before, after, detail } = await sleepAt(16);
    expect(before).toBeGreaterThan(0);
    expect(after).toBe(before);
    expect(detail).toContain('of 12 grants were written before another run took over');
    expect((await fixture.sync('r2')).state).toBe('done');
    expect(await fixture.grants()).toHaveLength(12);
  });
});
