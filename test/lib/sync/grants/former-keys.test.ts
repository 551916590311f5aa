/** Grants that an earlier version stored under a key with the path of the user. */
import { describe, expect, test } from 'vitest';
import {
  after,
  binding,
  member,
  members,
  plan,
  read,
  stale,
  summary,
  synced,
  unreadable,
} from '../builders.ts';

const alice = member('alice', { path: 'eng/' });
const [held] = synced({ readings: { devs: read(alice) } });
const old = stale(held!);
const kinds = (stages: ReturnType<typeof plan>['stages']) =>
  stages.map((writes) => writes.map((write) => write.kind));

describe('a grant under a former key', () => {
  test('is created under its key of today, and its old item is deleted once that has landed', () => {
    const { stages, writes, reports } = plan({ grants: [old], readings: { devs: read(alice) } });
    expect(kinds(stages)).toEqual([['create'], ['delete']]);
    expect(after([old], writes)).toEqual([held]);
    expect(reports).toMatchObject([{ outcome: 'ok', added: 0, updated: 1, removed: 0 }]);
    expect(plan({ grants: after([old], writes), readings: { devs: read(alice) } }).writes).toEqual([]);
  });

  test('is moved as it is if its group cannot be read', () => {
    const { writes } = plan({ grants: [old], readings: { devs: unreadable } });
    expect(after([old], writes)).toEqual([held]);
  });

  test('does not count as withdrawn for the guard, however many are moved', () => {
    const many = members(100).map(({ userName }) => member(userName, { path: 'eng/' }));
    const grants = synced({ readings: { devs: read(...many) } }).map(stale);
    const { writes, reports } = plan({ grants, readings: { devs: read(...many) } });
    expect(reports).toMatchObject([{ outcome: 'ok', updated: 100, removed: 0 }]);
    expect(after(grants, writes).filter(({ staleKey }) => staleKey !== undefined)).toEqual([]);
  });

  test('is only deleted if its user has left the group', () => {
    const { stages, reports } = plan({ grants: [old], readings: { devs: read() } });
    expect(kinds(stages)).toEqual([['delete']]);
    expect(reports).toMatchObject([{ removed: 1 }]);
  });

  test('is deleted beside a grant under the key of today, as an interrupted run leaves it', () => {
    const grants = [old, held!];
    const { writes, reports } = plan({ grants, readings: { devs: read(alice) } });
    expect(writes).toEqual([{ kind: 'delete', before: old }]);
    expect(after(grants, writes)).toEqual([held]);
    expect(reports).toMatchObject([{ updated: 0, removed: 0 }]);
  });

  test('becomes one grant with that of another path of the same user', () => {
    const moved = member('alice', { path: 'ops/', id: alice.userId });
    const grants = [old, ...synced({ readings: { devs: read(moved) } }).map(stale)];
    for (const order of [grants, grants.toReversed()]) {
      const { writes } = plan({ grants: order, readings: { devs: read(moved) } });
      expect(summary(after(order, writes))).toEqual(['ops/alice: devs']);
    }
  });

  test('keeps its username: no other user gets it while it is moved', () => {
    const bindings = [binding('a', { username: 'x' }), binding('devs', { username: 'x' })];
    const [own] = synced({ bindings, readings: { devs: read(alice) } });
    const grants = [stale(own!)];
    const { writes, reports } = plan({
      bindings,
      grants,
      readings: { a: read(member('aaron')), devs: read(alice) },
    });
    expect(after(grants, writes)).toEqual([own]);
    expect(reports).toMatchObject([
      { id: 'a', outcome: 'refused' },
      { id: 'devs', outcome: 'ok' },
    ]);
  });

  test('frees its username for another user only once its old item is deleted', () => {
    const bindings = [binding('a', { username: 'x' }), binding('devs', { username: 'x' })];
    const grants = synced({ bindings, readings: { devs: read(alice) } }).map(stale);
    const renamed = [bindings[0]!, binding('devs', { username: 'y' })];
    const { stages } = plan({
      bindings: renamed,
      grants,
      readings: { a: read(member('aaron')), devs: read(alice) },
    });
    expect(kinds(stages)).toEqual([['create'], ['delete'], ['create']]);
    expect(stages[2]).toMatchObject([{ after: { username: 'x' } }]);
  });
});
