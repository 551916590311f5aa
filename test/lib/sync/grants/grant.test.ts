import { describe, expect, test } from 'vitest';
import { type Grant, isSameGrant } from '../../../../lib/sync/grants/grant.ts';

const arn = 'arn:aws:iam::111122223333:user/alice';
const devs = { username: 'aws:{{UserName}}', groups: ['devs', 'viewers'] };
const ops = { username: 'ops:{{UserName}}', groups: ['viewers'] };
const grant: Grant = {
  scope: 'cluster/prod',
  principalKey: arn,
  owner: 'group-sync',
  arn,
  principalId: 'AIDAALICE',
  username: devs.username,
  groups: devs.groups,
  contributions: { devs, ops },
};

describe('a stored grant', () => {
  test.each<[string, Partial<Grant>]>([
    ['another username', { username: 'other' }],
    ['another pin', { principalId: 'AIDAOTHER' }],
    ['another spelling of its ARN', { arn: 'arn:aws:iam::111122223333:user/Alice' }],
    ['another group', { groups: ['devs', 'editors'] }],
    ['one more group', { groups: ['devs', 'viewers', 'x'] }],
    ['one group less', { groups: ['devs'] }],
    ['one contribution less, and the same groups', { contributions: { devs } }],
    ['a contribution of another binding', { contributions: { devs, others: ops } }],
    ['another username in a contribution', { contributions: { devs, ops: { ...ops, username: 'x' } } }],
    ['another group in a contribution', { contributions: { devs, ops: { ...ops, groups: ['devs'] } } }],
    [
      'other groups in the first contribution',
      { contributions: { devs: { ...devs, groups: ['devs'] }, ops } },
    ],
  ])('differs from a grant with %s', (_what, fields) => {
    expect(isSameGrant(grant, { ...grant, ...fields })).toBe(false);
    expect(isSameGrant({ ...grant, ...fields }, grant)).toBe(false);
  });

  test('equals a grant with the same fields, whatever the order of the contributions', () => {
    const reordered = { ...grant, contributions: { ops: { ...ops }, devs: { ...devs } } };
    expect(isSameGrant(grant, reordered)).toBe(true);
  });
});
