import { describe, expect, test } from 'vitest';
import type { Grant } from '../../../../lib/sync/grants/membership.ts';
import { sameGrant } from '../../../../lib/sync/grants/same.ts';

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

describe('what is held is written again if it differs in', () => {
  test.each<[string, Partial<Grant>]>([
    ['its username', { username: 'other' }],
    ['its pin', { principalId: 'AIDAOTHER' }],
    ['the spelling of its ARN', { arn: 'arn:aws:iam::111122223333:user/Alice' }],
    ['a group', { groups: ['devs', 'editors'] }],
    ['a group more', { groups: ['devs', 'viewers', 'x'] }],
    ['a group less', { groups: ['devs'] }],
    ['a contribution that another makes as well', { contributions: { devs } }],
    ['who contributes', { contributions: { devs, others: ops } }],
    ['the name that a contribution gives', { contributions: { devs, ops: { ...ops, username: 'x' } } }],
    ['a group that a contribution gives', { contributions: { devs, ops: { ...ops, groups: ['devs'] } } }],
    ['the first contribution alone', { contributions: { devs: { ...devs, groups: ['devs'] }, ops } }],
  ])('%s', (_what, fields) => {
    expect(sameGrant(grant, { ...grant, ...fields })).toBe(false);
    expect(sameGrant({ ...grant, ...fields }, grant)).toBe(false);
  });
});

test('what is held is left alone if it differs in nothing, whatever the order of its contributions', () => {
  expect(sameGrant(grant, { ...grant, contributions: { ops: { ...ops }, devs: { ...devs } } })).toBe(true);
});
