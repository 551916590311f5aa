import { describe, expect, test } from 'vitest';
import {
  after,
  binding,
  held,
  member,
  members,
  otherAccount,
  plan,
  read,
  summary,
  synced,
} from '../builders.ts';

const alice = member('alice');
const bob = member('bob');
const short = { username: '{{UserName}}' };
const foreignBob = member('bob', { account: otherAccount });
const bindings = [
  binding('here', short),
  binding('there', { ...short, iamGroup: `arn:aws:iam::${otherAccount}:group/there` }),
];
const readings = { here: read(bob), there: read(foreignBob) };

describe('a user in several groups of one scope', () => {
  const readings = { devs: read(alice, bob), ops: read(bob) };

  test('gets one grant with the union of the groups and each contribution', () => {
    const grants = synced({ readings });
    expect(summary(grants)).toEqual(['alice: devs', 'bob: devs, ops']);
    expect(grants.find((grant) => grant.arn === bob.arn)?.contributions).toEqual({
      devs: { username: 'aws:{{AccountID}}:{{UserName}}', groups: ['devs'] },
      ops: { username: 'aws:{{AccountID}}:{{UserName}}', groups: ['ops'] },
    });
  });

  test('who leaves one group loses only the contribution of that group', () => {
    const grants = synced({ readings });
    const { writes } = plan({ grants, readings: { devs: read(alice, bob), ops: read() } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs', 'bob: devs']);
  });

  test('gets the username of the alphabetically first binding, whatever the order of the bindings', () => {
    const bindings = ['c', 'a', 'b'].map((id) => binding(id, { username: `${id}:{{UserName}}` }));
    const readings = { a: read(alice), b: read(alice), c: read(alice) };
    for (const order of [
      bindings,
      bindings.toReversed(),
      bindings.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ]) {
      expect(synced({ bindings: order, readings })[0]?.username).toBe('a:{{UserName}}');
    }
  });

  test('a user in groups of two scopes gets two grants', () => {
    const bindings = [binding('devs'), binding('ops', { scope: 'all' })];
    expect(synced({ bindings, readings: { devs: read(bob), ops: read(bob) } })).toHaveLength(2);
  });

  test('a user with 64 groups gets them all, without a detail in the report', () => {
    const groups = Array.from({ length: 64 }, (_, index) => `group-${index}`);
    const { reports } = plan({ bindings: [binding('devs', { groups })], readings: { devs: read(alice) } });
    expect(reports).toEqual([{ id: 'devs', outcome: 'ok', members: 1, added: 1, updated: 0, removed: 0 }]);
  });

  test('a user with 65 groups gets the first 64, and the binding is reported as refused', () => {
    const groups = Array.from({ length: 65 }, (_, index) => `group-${String(index).padStart(2, '0')}`);
    const { writes, reports } = plan({
      bindings: [binding('devs', { groups })],
      readings: { devs: read(alice) },
    });
    expect(after([], writes)[0]?.groups).toHaveLength(64);
    expect(reports).toMatchObject([{ outcome: 'refused', detail: expect.stringContaining('may have 64') }]);
  });
});

describe('usernames of two people', () => {
  test('the second of two users with one name in two accounts is refused and reported', () => {
    const { writes, reports } = plan({ bindings, readings });
    expect(after([], writes).map((grant) => grant.arn)).toEqual([bob.arn]);
    expect(reports).toMatchObject([
      { id: 'here', outcome: 'ok', added: 1 },
      { id: 'there', outcome: 'refused', added: 0, detail: expect.stringContaining(foreignBob.arn) },
    ]);
  });

  test('the holder of a username keeps it, even if the other user comes first in the alphabet', () => {
    const grants = synced({ bindings, readings: { there: read(foreignBob) } });
    const { writes } = plan({ bindings, grants, readings });
    expect(after(grants, writes).map((grant) => grant.arn)).toEqual([foreignBob.arn]);
  });

  test('two users with one name get both grants if the username has the account', () => {
    expect(synced({ bindings: [binding('here'), binding('there')], readings })).toHaveLength(2);
  });

  test('two users may have one username on two different clusters', () => {
    const apart = [bindings[0]!, { ...bindings[1]!, scope: 'cluster/dev' as const }];
    expect(synced({ bindings: apart, readings })).toHaveLength(2);
  });

  test('two users may not have one username in a cluster and a set, since the set can come to contain the cluster', () => {
    const near = [bindings[0]!, { ...bindings[1]!, scope: 'set/prod' as const }];
    expect(synced({ bindings: near, readings })).toHaveLength(1);
  });

  test('a new template whose username is taken keeps the old username and changes the groups', () => {
    const before = [binding('here'), binding('there')];
    const grants = synced({ bindings: before, readings });
    const after2 = [binding('here', short), binding('there', { ...short, groups: ['other'] })];
    const { writes, reports } = plan({ bindings: after2, grants, readings });
    expect(after(grants, writes).map((grant) => [grant.username, grant.groups])).toEqual([
      ['{{UserName}}', ['here']],
      ['aws:{{AccountID}}:{{UserName}}', ['other']],
    ]);
    expect(reports[1]).toMatchObject({ outcome: 'refused' });
  });

  test('a user who keeps the old username because the new one is taken comes before a new user who wants it', () => {
    const zed = member('zed');
    const bob2 = member('zed', { account: otherAccount });
    const start = [binding('here', { username: 'x' }), binding('there', { username: 'y' })];
    const grants = synced({ bindings: start, readings: { here: read(zed), there: read(bob2) } });
    const { writes } = plan({
      bindings: [binding('here', { username: 'y' }), start[1]!, binding('new', { username: 'x' })],
      grants,
      readings: { here: read(zed), there: read(bob2), new: read(alice) },
    });
    expect(after(grants, writes).map((grant) => [grant.arn, grant.username])).toEqual([
      [zed.arn, 'x'],
      [bob2.arn, 'y'],
    ]);
  });

  test('a free username goes to the alphabetically first user, whatever the order of the members', () => {
    const one = [binding('devs', { username: 'dev' })];
    const crowd = ['dora', 'cleo', 'anna', 'bert'].map((name) => member(name));
    for (const order of [crowd, crowd.toReversed()]) {
      expect(synced({ bindings: one, readings: { devs: read(...order) } }).map((grant) => grant.arn)).toEqual(
        [member('anna').arn],
      );
    }
  });
});

describe('a username that passes from one user to another', () => {
  const kinds = (stages: ReturnType<typeof plan>['stages']) =>
    stages.map((writes) => writes.map((write) => write.kind));

  test('is granted in a later stage than the withdrawal of its holder', () => {
    const grants = synced({ bindings, readings: { here: read(bob) } });
    const carol = member('carol');
    const { stages, reports } = plan({
      bindings,
      grants,
      readings: { here: read(carol), there: read(foreignBob) },
    });
    expect(kinds(stages)).toEqual([['create', 'delete'], ['create']]);
    expect(stages[1]).toMatchObject([{ after: { arn: foreignBob.arn } }]);
    expect(reports).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok', added: 1 }]);
  });

  test('stays on its grant if the user is recreated, or moves to another path: names are unique in an account', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    for (const id of ['AIDANEW', alice.userId]) {
      const { stages } = plan({ grants, readings: { devs: read(member('alice', { path: 'eng/', id })) } });
      expect(kinds(stages)).toEqual([['update']]);
    }
  });

  test('is granted in a later stage to a user who has the former name of a renamed one', () => {
    const grants = synced({
      bindings: [binding('devs', { username: 'x' })],
      readings: { devs: read(alice) },
    });
    const other = member('bob', { id: 'AIDANEW' });
    const { stages } = plan({
      bindings: [binding('devs', { username: 'x' })],
      grants,
      readings: { devs: read(other) },
    });
    expect(kinds(stages)).toEqual([['delete'], ['create']]);
  });

  test('is granted in the first stage to a renamed user', () => {
    const bindings = [binding('devs', { username: 'x' })];
    const grants = synced({ bindings, readings: { devs: read(alice) } });
    const renamed = member('alicia', { id: alice.userId });
    const { stages } = plan({ bindings, grants, readings: { devs: read(renamed) } });
    expect(kinds(stages)).toEqual([['create', 'delete']]);
  });

  test('is granted in the first stage to a user who was recreated under the same ARN, with grants in two scopes', () => {
    const both = [binding('here', short), binding('there', { ...short, scope: 'all' })];
    const grants = synced({ bindings: both, readings: { here: read(bob), there: read(bob) } });
    const again = read(member('bob', { id: 'AIDANEW' }));
    const { stages } = plan({ bindings: both, grants, readings: { here: again, there: again } });
    expect(kinds(stages)).toEqual([['update', 'update']]);
  });

  const named = (...names: readonly (readonly [id: string, username: string])[]) =>
    names.map(([id, username]) => binding(id, { username }));
  const one = { a: read(member('ann')), b: read(member('ben')), c: read(member('cat')) };

  test('waits until its holder has lost it in every scope', () => {
    const renamed = member('ben', { id: alice.userId });
    const before = [binding('a', { username: 'x' }), binding('b', { username: 'x', scope: 'all' })];
    const grants = synced({ bindings: before, readings: { a: read(alice), b: read(renamed) } });
    const heir = member('alice', { id: 'AIDANEW' });
    const { stages } = plan({ bindings: before, grants, readings: { a: read(heir), b: read() } });
    expect(kinds(stages)).toEqual([['delete'], ['update']]);
  });

  test('waits for the stage before in a chain of renames', () => {
    const grants = synced({ bindings: named(['a', 'x'], ['b', 'y'], ['c', 'z']), readings: one });
    const { stages, writes } = plan({
      bindings: named(['a', 'new'], ['b', 'x'], ['c', 'y']),
      grants,
      readings: one,
    });
    expect(
      stages.map((step) => step.map((write) => write.kind !== 'delete' && write.after.username)),
    ).toEqual([['new'], ['x'], ['y']]);
    expect(after(grants, writes).map((grant) => grant.username)).toEqual(['new', 'x', 'y']);
  });

  test('stays with its holder if two users would swap usernames, also for a third user who waits for them', () => {
    const grants = synced({ bindings: named(['a', 'x'], ['b', 'y']), readings: { a: one.a, b: one.b } });
    const { writes, reports } = plan({
      bindings: named(['a', 'y'], ['b', 'x'], ['c', 'x']),
      grants,
      readings: one,
    });
    expect(after(grants, writes).map((grant) => grant.username)).toEqual(['x', 'y']);
    expect(reports.map((report) => report.outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  test('stays with its holder if the guard holds the withdrawal back', () => {
    const crowd = members(20);
    const before = [binding('here', short)];
    const grants = synced({ bindings: before, readings: { here: read(...crowd) } });
    const namesake = member('user0', { account: otherAccount });
    const { stages, reports } = plan({
      bindings,
      grants,
      readings: { here: read(), there: read(namesake) },
    });
    expect(stages).toEqual([]);
    expect(reports.map((report) => report.outcome)).toEqual(['guarded', 'refused']);
  });

  test('stays with one user if two hold it already', () => {
    const grants = synced({ bindings, readings: { here: read(bob) } });
    const twin = { ...grants[0]!, principalKey: foreignBob.arn, arn: foreignBob.arn };
    const shared = held({
      ...twin,
      principalId: foreignBob.userId,
      contributions: { there: { username: '{{UserName}}', groups: ['there'] } },
    });
    const { writes } = plan({ bindings, grants: [...grants, shared], readings });
    expect(after([...grants, shared], writes).map((grant) => grant.arn)).toEqual([bob.arn]);
  });
});
