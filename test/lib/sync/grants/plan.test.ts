import { describe, expect, test } from 'vitest';
import {
  account,
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
  unreadable,
} from '../worlds.ts';

const alice = member('alice');
const bob = member('bob');

describe('membership becomes grants', () => {
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

  test('a member who was added is granted, the others are left alone', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const { writes, reports } = plan({ grants, readings: { devs: read(alice, bob) } });
    expect(writes.map((write) => write.kind)).toEqual(['create']);
    expect(reports).toMatchObject([
      { id: 'devs', outcome: 'ok', members: 2, added: 1, updated: 0, removed: 0 },
    ]);
  });

  test('a member who was removed loses the grant', () => {
    const grants = synced({ readings: { devs: read(alice, bob) } });
    const { writes, reports } = plan({ grants, readings: { devs: read(alice) } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs']);
    expect(reports).toMatchObject([{ removed: 1 }]);
  });

  test('a second run with nothing changed writes nothing', () => {
    const readings = { devs: read(alice, bob), ops: read(bob) };
    expect(plan({ grants: synced({ readings }), readings }).writes).toEqual([]);
  });

  test('an empty group is empty: the last member loses the grant', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    expect(after(grants, plan({ grants, readings: { devs: read() } }).writes)).toEqual([]);
  });

  test('what gives is written before what takes away', () => {
    const grants = synced({ readings: { devs: read(alice, bob) } });
    const { writes } = plan({
      bindings: [binding('devs', { groups: ['devs', 'viewers'] })],
      grants,
      readings: { devs: read(bob, member('carol')) },
    });
    expect(writes.map((write) => write.kind)).toEqual(['create', 'update', 'delete']);
  });
});

describe('several groups of a user in a scope merge', () => {
  const readings = { devs: read(alice, bob), ops: read(bob) };

  test('groups are the union, each contribution is kept', () => {
    const grants = synced({ readings });
    expect(summary(grants)).toEqual(['alice: devs', 'bob: devs, ops']);
    expect(grants.find((grant) => grant.arn === bob.arn)?.contributions).toEqual({
      devs: { username: 'aws:{{AccountID}}:{{UserName}}', groups: ['devs'] },
      ops: { username: 'aws:{{AccountID}}:{{UserName}}', groups: ['ops'] },
    });
  });

  test('leaving one group takes away what that group gave', () => {
    const grants = synced({ readings });
    const { writes } = plan({ grants, readings: { devs: read(alice, bob), ops: read() } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs', 'bob: devs']);
  });

  test('the binding that comes first in the alphabet names the user, in whatever order they are listed', () => {
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

  test('in two scopes a user has two grants', () => {
    const bindings = [binding('devs'), binding('ops', { scope: 'all' })];
    expect(synced({ bindings, readings: { devs: read(bob), ops: read(bob) } })).toHaveLength(2);
  });

  test('64 groups are granted without a word', () => {
    const groups = Array.from({ length: 64 }, (_, index) => `group-${index}`);
    const { reports } = plan({ bindings: [binding('devs', { groups })], readings: { devs: read(alice) } });
    expect(reports).toEqual([{ id: 'devs', outcome: 'ok', members: 1, added: 1, updated: 0, removed: 0 }]);
  });

  test('groups beyond 64 are refused and reported, the first 64 are granted', () => {
    const groups = Array.from({ length: 65 }, (_, index) => `group-${String(index).padStart(2, '0')}`);
    const { writes, reports } = plan({
      bindings: [binding('devs', { groups })],
      readings: { devs: read(alice) },
    });
    expect(after([], writes)[0]?.groups).toHaveLength(64);
    expect(reports).toMatchObject([{ outcome: 'refused', detail: expect.stringContaining('may have 64') }]);
  });
});

describe('what could not be read changes nothing', () => {
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

  test('it does not stop the others', () => {
    const { writes } = plan({ grants, readings: { devs: unreadable, ops: read(alice) } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs, ops', 'bob: devs']);
  });

  test('a binding that cannot be carried out keeps its grants too', () => {
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

  test('a binding that is merely not listed keeps its grants: the index may be behind', () => {
    expect(plan({ bindings: [], grants, readings: {} }).writes).toEqual([]);
  });
});

describe('a binding is good for a run', () => {
  const grants = synced({ readings: { devs: read(...members(30)) } });

  test('if its group was read and all that follows is in the plan', () => {
    expect(plan({ readings: { devs: read(alice), ops: read() } }).good).toEqual(['devs', 'ops']);
  });

  test.each([
    ['its group could not be read', unreadable],
    ['it cannot be carried out', { outcome: 'refused', detail: 'There is no cluster/prod.' } as const],
    ['withdrawals are held back', read()],
  ])('but not if %s', (_why, reading) => {
    expect(plan({ grants, readings: { devs: reading, ops: read() } }).good).toEqual(['ops']);
  });

  test('nor if it is no part of it', () => {
    expect(plan({ bindings: [binding('devs'), binding('ops')], readings: { ops: read() } }).good).toEqual([
      'ops',
    ]);
  });
});

describe('the guard on withdrawals', () => {
  const many = members(100);
  const grants = synced({ readings: { devs: read(...many) } });
  const leaving = (count: number, force = false) =>
    plan({ grants, force, readings: { devs: read(...many.slice(count)) } });

  test('a fifth of the grants may go in a run', () => {
    expect(leaving(20).reports).toMatchObject([{ outcome: 'ok', removed: 20 }]);
  });

  test('more than a fifth is held back, and nobody loses anything', () => {
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

  test('force lifts it', () => {
    expect(leaving(100, true).reports).toMatchObject([{ outcome: 'ok', removed: 100 }]);
  });

  test('ten may always go, so that a small group can be emptied', () => {
    const small = synced({ readings: { devs: read(...members(10)) } });
    expect(plan({ grants: small, readings: { devs: read() } }).reports).toMatchObject([{ removed: 10 }]);
    const eleven = synced({ readings: { devs: read(...members(11)) } });
    expect(plan({ grants: eleven, readings: { devs: read() } }).reports).toMatchObject([
      { outcome: 'guarded' },
    ]);
  });

  test('what a guarded run adds is still added', () => {
    const { writes } = plan({ grants, readings: { devs: read(alice) } });
    expect(writes.map((write) => write.kind)).toEqual(['create']);
  });

  test('a deleted binding is withdrawn without it', () => {
    const { writes, reports } = plan({ bindings: [], grants, readings: {}, deleted: ['devs'] });
    expect(after(grants, writes)).toEqual([]);
    expect(reports).toMatchObject([{ id: 'devs', outcome: 'ok', removed: 100 }]);
  });

  test('a binding that an admin moved to another scope leaves the old one without it', () => {
    const { writes } = plan({
      bindings: [binding('devs', { scope: 'cluster/dev' })],
      grants,
      readings: { devs: read(...many) },
    });
    const table = after(grants, writes);
    expect(table).toHaveLength(100);
    expect(new Set(table.map((grant) => grant.scope))).toEqual(new Set(['cluster/dev']));
  });

  test('a deleted binding takes only its own contribution', () => {
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

describe('who a user is', () => {
  test('one who moved to another path is the same person under a new ARN', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const moved = member('alice', { path: 'eng/', id: alice.userId });
    const { writes, reports } = plan({ grants, readings: { devs: read(moved) } });
    expect(summary(after(grants, writes))).toEqual(['eng/alice: devs']);
    expect(reports).toMatchObject([{ outcome: 'ok', added: 1, removed: 1 }]);
  });

  test('one who was deleted and made again is pinned anew, with a notice', () => {
    const grants = synced({ readings: { devs: read(alice) } });
    const again = member('alice', { id: 'AIDANEW' });
    const { writes, reports } = plan({ grants, readings: { devs: read(again) } });
    expect(after(grants, writes)[0]?.principalId).toBe('AIDANEW');
    expect(reports).toMatchObject([{ updated: 1, detail: expect.stringContaining('pinned to AIDANEW') }]);
  });

  test('and inherits nothing from a group that could not be read', () => {
    const grants = synced({ readings: { devs: read(alice), ops: read(alice) } });
    const again = member('alice', { id: 'AIDANEW' });
    const { writes } = plan({ grants, readings: { devs: read(again), ops: unreadable } });
    expect(summary(after(grants, writes))).toEqual(['alice: devs']);
  });
});

describe('two people never share a username', () => {
  const short = { username: '{{UserName}}' };
  const foreignBob = member('bob', { account: otherAccount });
  const bindings = [
    binding('here', short),
    binding('there', { ...short, iamGroup: `arn:aws:iam::${otherAccount}:group/there` }),
  ];
  const readings = { here: read(bob), there: read(foreignBob) };

  test('of two users of one name in two accounts the second is refused and reported', () => {
    const { writes, reports } = plan({ bindings, readings });
    expect(after([], writes).map((grant) => grant.arn)).toEqual([bob.arn]);
    expect(reports).toMatchObject([
      { id: 'here', outcome: 'ok', added: 1 },
      { id: 'there', outcome: 'refused', added: 0, detail: expect.stringContaining(foreignBob.arn) },
    ]);
  });

  test('whoever holds the name keeps it, whatever the alphabet says', () => {
    const grants = synced({ bindings, readings: { there: read(foreignBob) } });
    const { writes } = plan({ bindings, grants, readings });
    expect(after(grants, writes).map((grant) => grant.arn)).toEqual([foreignBob.arn]);
  });

  test('with the account in the name both are granted', () => {
    expect(synced({ bindings: [binding('here'), binding('there')], readings })).toHaveLength(2);
  });

  test('on two clusters that have nothing in common they do not meet', () => {
    const apart = [bindings[0]!, { ...bindings[1]!, scope: 'cluster/dev' as const }];
    expect(synced({ bindings: apart, readings })).toHaveLength(2);
  });

  test('a set may come to hold the cluster: there they could meet', () => {
    const near = [bindings[0]!, { ...bindings[1]!, scope: 'set/prod' as const }];
    expect(synced({ bindings: near, readings })).toHaveLength(1);
  });

  test('a new template that would collide leaves the old name, and changes the groups', () => {
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

  test('one who keeps an old name because the new one is taken comes before somebody new who wants it', () => {
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

  describe('not even between two writes', () => {
    const kinds = (stages: ReturnType<typeof plan>['stages']) =>
      stages.map((writes) => writes.map((write) => write.kind));

    test('a name passes on once its holder is withdrawn: the new one is written when all else is', () => {
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

    test('a user who is deleted and made again at another path takes the name over the same way', () => {
      const grants = synced({ readings: { devs: read(alice) } });
      const again = member('alice', { path: 'eng/', id: 'AIDANEW' });
      const { stages } = plan({ grants, readings: { devs: read(again) } });
      expect(kinds(stages)).toEqual([['delete'], ['create']]);
    });

    test('one who only moved to another path waits for nothing: it is the same person', () => {
      const grants = synced({ readings: { devs: read(alice) } });
      const moved = member('alice', { path: 'eng/', id: alice.userId });
      expect(kinds(plan({ grants, readings: { devs: read(moved) } }).stages)).toEqual([['create', 'delete']]);
    });

    test('nor does one who was made again under the same ARN, with entries in two scopes', () => {
      const both = [binding('here', short), binding('there', { ...short, scope: 'all' })];
      const grants = synced({ bindings: both, readings: { here: read(bob), there: read(bob) } });
      const again = read(member('bob', { id: 'AIDANEW' }));
      const { stages } = plan({ bindings: both, grants, readings: { here: again, there: again } });
      expect(kinds(stages)).toEqual([['update', 'update']]);
    });

    const named = (...names: readonly (readonly [id: string, username: string])[]) =>
      names.map(([id, username]) => binding(id, { username }));
    const one = { a: read(member('ann')), b: read(member('ben')), c: read(member('cat')) };

    test('a place that passes to somebody new waits for the other places of the one before', () => {
      const renamed = member('ben', { id: alice.userId });
      const before = [binding('a', { username: 'x' }), binding('b', { username: 'x', scope: 'all' })];
      const grants = synced({ bindings: before, readings: { a: read(alice), b: read(renamed) } });
      const heir = member('alice', { id: 'AIDANEW' });
      const { stages } = plan({ bindings: before, grants, readings: { a: read(heir), b: read() } });
      expect(kinds(stages)).toEqual([['delete'], ['update']]);
    });

    test('in a chain each waits for the one before', () => {
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

    test('two who would swap names keep what they have, and so does whoever waits for them', () => {
      const grants = synced({ bindings: named(['a', 'x'], ['b', 'y']), readings: { a: one.a, b: one.b } });
      const { writes, reports } = plan({
        bindings: named(['a', 'y'], ['b', 'x'], ['c', 'x']),
        grants,
        readings: one,
      });
      expect(after(grants, writes).map((grant) => grant.username)).toEqual(['x', 'y']);
      expect(reports.map((report) => report.outcome)).toEqual(['refused', 'refused', 'refused']);
    });

    test('a grant that the guard holds back keeps its name', () => {
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

    test('a name that two hold already, by another hand, stays with one of them', () => {
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

  test('a refusal is told to the bindings of the run alone', () => {
    const grants = synced({ bindings: [bindings[0]!], readings: { here: read(bob) } });
    const inBoth = [
      ...grants,
      held({
        ...grants[0]!,
        scope: 'set/z',
        principalKey: 'other',
        arn: foreignBob.arn,
        principalId: foreignBob.userId,
        contributions: { gone: { username: '{{UserName}}', groups: [] } },
      }),
    ];
    const { reports } = plan({ bindings: [bindings[0]!], grants: inBoth, readings: { here: read(bob) } });
    expect(reports.map((report) => report.id)).toEqual(['here']);
  });

  test('a name that nobody holds goes to the first by the alphabet, in whatever order they are read', () => {
    const one = [binding('devs', { username: 'dev' })];
    const crowd = ['dora', 'cleo', 'anna', 'bert'].map((name) => member(name));
    for (const order of [crowd, crowd.toReversed()]) {
      expect(synced({ bindings: one, readings: { devs: read(...order) } }).map((grant) => grant.arn)).toEqual(
        [member('anna').arn],
      );
    }
  });

  test('a refusal does not hide that withdrawals are held back', () => {
    const crowd = members(30);
    const grants = synced({ bindings: [binding('here', short)], readings: { here: read(...crowd) } });
    const { reports, good } = plan({
      bindings,
      grants,
      readings: { here: read(member('user0', { id: 'AIDANEW' })), there: read(foreignBob) },
    });
    expect(reports[0]?.outcome).toBe('guarded');
    expect(good).toEqual(['there']);
    const both = plan({
      bindings: [binding('here', { username: 'dev' })],
      grants: synced({ readings: { here: read(...crowd) } }),
      readings: { here: read(member('new1'), member('new2')) },
    });
    expect(both.reports).toMatchObject([
      { outcome: 'guarded', detail: expect.stringContaining('share a username') },
    ]);
  });

  const refusals = (count: number): string | undefined => {
    const crowd = Array.from({ length: count }, (_, index) =>
      member(`user${index}`, { account: otherAccount }),
    );
    const { reports } = plan({
      bindings,
      readings: { here: read(...members(count)), there: read(...crowd) },
    });
    return reports[1]?.detail;
  };

  test('five refusals are told one by one', () => {
    expect(refusals(5)?.match(/would share a username with another user\.( |$)/g)).toHaveLength(5);
    expect(refusals(5)).not.toContain('more like these');
  });

  test('of more the first five are told, and how many there are besides', () => {
    expect(refusals(9)?.match(/would share/g)).toHaveLength(5);
    expect(refusals(9)).toMatch(/another user\. And 4 more like these\.$/);
  });
});

test(`the order of bindings and members changes nothing (account ${account})`, () => {
  const forward = plan({ readings: { devs: read(alice, bob), ops: read(bob) } });
  const backward = plan({
    bindings: [binding('ops'), binding('devs')],
    readings: { ops: read(bob), devs: read(bob, alice) },
  });
  expect(summary(after([], backward.writes))).toEqual(summary(after([], forward.writes)));
});
