import { describe, expect, test } from 'vitest';
import { after, binding, member, members, plan, read, summary, synced, unreadable } from '../builders.ts';

const alice = member('alice');
const bob = member('bob');

describe('grants of a plan', () => {
  test('a member gets the groups of the binding, pinned to the unique id', () => {
    const [grant] = synced({ readings: { devs: read(alice) } });
    expect(grant).toMatchObject({
      scope: 'cluster/prod',
      arn: alice.arn,
      principalId: alice.userId,
      owner: 'group-sync',
      username: 'aws:{{AccountID}}:{{UserName}}',
      groups: ['devs'],
    });
  });

  test("a user who joins the group gets a grant, and the other members' grants are not written", () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const { writes, reports } = plan({ grants, readings: { devs: read(alice, bob) } });
    expect(writes.map((write) => write.kind)).toEqual(['create']);
    expect(reports).toMatchObject([
      { id: 'devs', outcome: 'ok', members: 2, added: 1, updated: 0, removed: 0 },
    ]);
  });

  test('a user who leaves the group loses the grant', () => {
    const grants = synced({ readings: { devs: read(alice, bob) } });
    const { writes, reports } = plan({ grants, readings: { devs: read(alice) } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs']);
    expect(reports).toMatchObject([{ removed: 1 }]);
  });

  test('a second plan over unchanged groups writes nothing', () => {
    const readings = { devs: read(alice, bob), ops: read(bob) };
    expect(plan({ grants: synced({ readings }), readings }).writes).toEqual([]);
  });

  test('the last member who leaves a group loses the grant', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    expect(after(grants, plan({ grants, readings: { devs: read() } }).writes)).toEqual([]);
  });

  test('creates and updates come before deletes', () => {
    const grants = synced({ readings: { devs: read(alice, bob) } });
    const { writes } = plan({
      bindings: [binding('devs', { groups: ['devs', 'viewers'] })],
      grants,
      readings: { devs: read(bob, member('carol')) },
    });
    expect(writes.map((write) => write.kind)).toEqual(['create', 'update', 'delete']);
  });
});

describe('a group that could not be read', () => {
  const grants = synced({ readings: { devs: read(alice, bob), ops: read(bob) } });

  test('an unreadable group keeps the grants of its members and is reported', () => {
    const { writes, reports } = plan({ grants, readings: { devs: unreadable, ops: read(bob) } });
    expect(writes).toEqual([]);
    expect(reports[0]).toEqual({
      id: 'devs',
      outcome: 'unreadable',
      members: 2,
      added: 0,
      updated: 0,
      removed: 0,
      detail: 'IAM could not be asked.',
    });
  });

  test('an unreadable group does not stop the other bindings', () => {
    const { writes } = plan({ grants, readings: { devs: unreadable, ops: read(alice) } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs, ops', 'bob: devs']);
  });

  test('a refused binding keeps its grants and is reported', () => {
    const { writes, reports } = plan({
      grants,
      readings: { devs: { outcome: 'refused', detail: 'There is no cluster/prod.' }, ops: read(bob) },
    });
    expect(writes).toEqual([]);
    expect(reports[0]).toMatchObject({ outcome: 'refused', detail: 'There is no cluster/prod.' });
  });

  test('a binding that is not part of the run keeps its grants and has no report', () => {
    const { writes, reports } = plan({
      bindings: [binding('devs'), binding('ops')],
      grants,
      readings: { ops: read() },
    });
    expect(summary(after(grants, writes))).toEqual(['alice: devs', 'bob: devs']);
    expect(reports.map((report) => report.id)).toEqual(['ops']);
  });

  test('an unreadable binding keeps its grants and is reported with the reason', () => {
    const { writes, reports, good } = plan({
      bindings: [binding('ops')],
      grants,
      readings: { ops: read(bob) },
      unreadableBindings: { devs: 'it is damaged' },
    });
    expect(writes).toEqual([]);
    expect(reports.find(({ id }) => id === 'devs')).toEqual({
      id: 'devs',
      outcome: 'unreadable',
      members: 2,
      added: 0,
      updated: 0,
      removed: 0,
      detail: 'The binding cannot be read: it is damaged.',
    });
    expect(good).toEqual(['ops']);
  });

  test('a binding that is missing from the list keeps its grants, since the index may be stale', () => {
    expect(plan({ bindings: [], grants, readings: {} }).writes).toEqual([]);
  });
});

describe('good bindings of a plan', () => {
  const grants = synced({ readings: { devs: read(...members(30)) } });

  test('a binding is good if its group was read and all of its withdrawals are planned', () => {
    expect(plan({ readings: { devs: read(alice), ops: read() } }).good).toEqual(['devs', 'ops']);
  });

  test.each([
    ['its group could not be read', unreadable],
    ['it is refused', { outcome: 'refused', detail: 'There is no cluster/prod.' } as const],
    ['withdrawals are held back', read()],
  ])('a binding is not good if %s', (_why, reading) => {
    expect(plan({ grants, readings: { devs: reading, ops: read() } }).good).toEqual(['ops']);
  });

  test('a binding that is not part of the run is not good', () => {
    expect(plan({ bindings: [binding('devs'), binding('ops')], readings: { ops: read() } }).good).toEqual([
      'ops',
    ]);
  });
});

test('the order of bindings and members does not change the plan', () => {
  const forward = plan({ readings: { devs: read(alice, bob), ops: read(bob) } });
  const backward = plan({
    bindings: [binding('ops'), binding('devs')],
    readings: { ops: read(bob), devs: read(bob, alice) },
  });
  expect(summary(after([], backward.writes))).toEqual(summary(after([], forward.writes)));
});
