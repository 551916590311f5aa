import { expect, test } from 'vitest';
import { accountOf, brokenMappingRules } from '../../../../lib/records/input/mapping-rules.ts';
import type { MappingFields } from '../../../../lib/records/input/mapping-rules.ts';

const arn = (rest: string) => ({ arn: `arn:aws:iam::111122223333:${rest}` });
const profile = (account: string) => `arn:aws:iam::${account}:instance-profile/node`;
const node = { username: 'system:node:{{EC2PrivateDNSName}}', groups: [] };

test.each<[string, MappingFields, readonly string[]]>([
  [
    'a role without {{UserName}} keeps every rule',
    { principal: arn('role/x'), username: '{{SessionName}}' },
    [],
  ],
  ['{{UserName}} of a role', { principal: arn('role/x'), username: '{{UserName}}' }, ['username']],
  [
    '{{SessionName}} of a user in a group',
    { principal: arn('user/x'), groups: ['a', '{{SessionName}}'] },
    ['groups.1'],
  ],
  [
    '{{UserName}} of a whole account after a prefix',
    { principal: { accountId: '111122223333' }, username: 'acct:{{UserName}}' },
    [],
  ],
  [
    'a group system:x of a whole account',
    { principal: { accountId: '1' }, groups: ['a', 'system:x'] },
    ['groups.1'],
  ],
  ['a group system:x of a role', { principal: arn('role/x'), groups: ['system:x'] }, []],
  ['a pin AROA of a role', { principal: arn('role/x'), principalId: 'AROAX' }, []],
  ['a pin AIDA of a role', { principal: arn('role/x'), principalId: 'AIDAX' }, ['principalId']],
  ['a pin AIDA of a user', { principal: arn('user/x'), principalId: 'AIDAX' }, []],
  ['a pin of the root user', { principal: arn('root'), principalId: 'AIDAX' }, ['principalId']],
  ['a pin of an account', { principal: { accountId: '1' }, principalId: 'AROAX' }, ['principalId']],
  [
    'an instance profile without {{EC2PrivateDNSName}}',
    { principal: arn('role/x'), username: 'x', groups: [], instanceProfiles: [profile('111122223333')] },
    ['instanceProfiles'],
  ],
  [
    'an instance profile of another account',
    {
      ...node,
      principal: arn('role/x'),
      instanceProfiles: [profile('111122223333'), profile('999988887777')],
    },
    ['instanceProfiles.1'],
  ],
  [
    'rules about fields that are missing',
    { username: '{{UserName}}', principalId: 'x', instanceProfiles: [] },
    [],
  ],
])('brokenMappingRules for %s reports exactly its fields', (_rule, fields, paths) => {
  expect(brokenMappingRules(fields).map(({ path }) => path.join('.'))).toEqual(paths);
});

test('the account of an ARN includes its partition', () => {
  expect(accountOf('arn:aws-cn:iam::111122223333:role/x')).toBe('aws-cn:111122223333');
});
