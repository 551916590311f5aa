import { describe, expect, test } from 'vitest';
import { binding, held, member, members, otherAccount, plan, read, synced } from '../builders.ts';

const bob = member('bob');
const short = { username: '{{UserName}}' };
const foreignBob = member('bob', { account: otherAccount });
const bindings = [
  binding('here', short),
  binding('there', { ...short, iamGroup: `arn:aws:iam::${otherAccount}:group/there` }),
];

describe('the report of a binding', () => {
  test('a refused username is reported to the bindings of the run only', () => {
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

  test('a guarded binding with a refused username is reported as guarded', () => {
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

  test('five refusals of a binding are reported one by one', () => {
    expect(refusals(5)?.match(/would share a username with another user\.( |$)/g)).toHaveLength(5);
    expect(refusals(5)).not.toContain('more like these');
  });

  test('of nine refusals of a binding five are reported, and the number of the others', () => {
    expect(refusals(9)?.match(/would share/g)).toHaveLength(5);
    expect(refusals(9)).toMatch(/another user\. And 4 more like these\.$/);
  });
});
