import { describe, expect, test } from 'vitest';
import { after, binding, member, members, plan, read, summary, synced, unreadable } from '../builders.ts';

const alice = member('alice');

describe('the guard on withdrawals', () => {
  const many = members(100);
  const grants = synced({ readings: { devs: read(...many) } });
  const leaving = (count: number, force = false) =>
    plan({ grants, force, readings: { devs: read(...many.slice(count)) } });

  test('the guard lets a run withdraw a fifth of the grants of a binding', () => {
    expect(leaving(20).reports).toMatchObject([{ outcome: 'ok', removed: 20 }]);
  });

  test('the guard holds back all withdrawals if more than a fifth of the grants would go', () => {
    const { writes, reports } = leaving(21);
    expect(writes).toEqual([]);
    expect(reports).toMatchObject([
      {
        outcome: 'guarded',
        removed: 0,
        detail: expect.stringContaining('21 of 100 grants would be withdrawn'),
      },
    ]);
  });

  test('force lifts the guard on withdrawals', () => {
    expect(leaving(100, true).reports).toMatchObject([{ outcome: 'ok', removed: 100 }]);
  });

  test('the guard lets a run withdraw ten grants, so that a small group can be emptied', () => {
    const small = synced({ readings: { devs: read(...members(10)) } });
    expect(plan({ grants: small, readings: { devs: read() } }).reports).toMatchObject([{ removed: 10 }]);
    const eleven = synced({ readings: { devs: read(...members(11)) } });
    expect(plan({ grants: eleven, readings: { devs: read() } }).reports).toMatchObject([
      { outcome: 'guarded' },
    ]);
  });

  test('a guarded binding still gets its new members', () => {
    const { writes } = plan({ grants, readings: { devs: read(alice) } });
    expect(writes.map((write) => write.kind)).toEqual(['create']);
  });

  test('the grants of a deleted binding are withdrawn without the guard', () => {
    const { writes, reports } = plan({ bindings: [], grants, readings: {}, deleted: ['devs'] });
    expect(after(grants, writes)).toEqual([]);
    expect(reports).toMatchObject([{ id: 'devs', outcome: 'ok', removed: 100 }]);
  });

  test('the grants in a scope that the binding no longer names are withdrawn without the guard', () => {
    const { writes } = plan({
      bindings: [binding('devs', { scope: 'cluster/dev' })],
      grants,
      readings: { devs: read(...many) },
    });
    const table = after(grants, writes);
    expect(table).toHaveLength(100);
    expect(new Set(table.map((grant) => grant.scope))).toEqual(new Set(['cluster/dev']));
  });

  test('the deletion of a binding withdraws only the contribution of that binding', () => {
    const both = synced({ readings: { devs: read(alice), ops: read(alice) } });
    const { writes } = plan({
      bindings: [binding('devs')],
      grants: both,
      readings: { devs: read(alice) },
      deleted: ['ops'],
    });
    expect(summary(after(both, writes))).toEqual(['alice: devs']);
  });
});

describe('moved and recreated users', () => {
  test('a user who moved to another path keeps the grant, which shows the new ARN', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const moved = member('alice', { path: 'eng/', id: alice.userId });
    const { writes, reports } = plan({ grants, readings: { devs: read(moved) } });
    expect(summary(after(grants, writes))).toEqual(['eng/alice: devs']);
    expect(writes.map(({ kind }) => kind)).toEqual(['update']);
    expect(reports).toMatchObject([{ outcome: 'ok', added: 0, updated: 1, removed: 0 }]);
  });

  test('a recreated user is pinned to the new unique id, with a detail in the report', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const again = member('alice', { id: 'AIDANEW' });
    const { writes, reports } = plan({ grants, readings: { devs: read(again) } });
    expect(after(grants, writes)[0]?.principalId).toBe('AIDANEW');
    const detail = `${again.arn} was deleted and recreated: pinned to AIDANEW.`;
    expect(reports).toMatchObject([{ updated: 1, detail }]);
  });

  test('a recreated user inherits nothing from a group that could not be read', () => {
    const grants = synced({ readings: { devs: read(alice), ops: read(alice) } });
    const again = member('alice', { id: 'AIDANEW' });
    const { writes } = plan({ grants, readings: { devs: read(again), ops: unreadable } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs']);
  });

  test('a stored grant without a pin gets the pin of the member, with a detail in the report', () => {
    const grants = synced({ readings: { devs: read(alice) } }).map((grant) => ({
      ...grant,
      principalId: undefined,
    }));
    const { writes, reports } = plan({ grants, readings: { devs: read(alice) } });
    expect(after(grants, writes)[0]?.principalId).toBe(alice.userId);
    expect(reports).toMatchObject([
      { updated: 1, detail: `${alice.arn} had no pin: pinned to ${alice.userId}.` },
    ]);
  });

  test('a stored grant without a pin stays as it is while its group cannot be read', () => {
    const grants = synced({ readings: { devs: read(alice) } }).map((grant) => ({
      ...grant,
      principalId: undefined,
    }));
    expect(plan({ grants, readings: { devs: unreadable } }).writes).toEqual([]);
  });
});
