import { expect, test } from 'vitest';
import { awsAuth, mapRoles, role, scope } from './support.ts';

test.each([
  ['rolearn', 'username', 'groups', 'mapRoles'],
  ['roleARN', 'userName', 'Groups', 'maproles'],
  ['RoleArn', 'USERNAME', 'GROUPS', 'MapRoles'],
])('keys are read in any letter case: %s, %s, %s, %s', (arn, username, groups, list) => {
  const text = mapRoles(`- ${arn}: ${role('A')}\n  ${username}: a\n  ${groups}: [g]`).replace(
    'mapRoles',
    list,
  );
  expect(awsAuth(text).state.mappings).toEqual([
    { scope, principal: { arn: role('A') }, username: 'a', groups: ['g'] },
  ]);
});

test('an entry with one key in two spellings is not imported', () => {
  const { state, notCarried } = awsAuth(
    mapRoles(`- rolearn: ${role('A')}\n  roleARN: ${role('B')}\n  username: a`),
  );
  expect(state.mappings).toEqual([]);
  expect(notCarried).toEqual([{ path: 'mapRoles[0]', line: 3, message: expect.stringContaining('twice') }]);
});

test.each<[string, string, string]>([
  [
    'groups that have become an entry of their own',
    `- rolearn: ${role('A')}\n  username: a\n- groups:\n  - g`,
    'rolearn is missing',
  ],
  ['an entry that is text', `- ${role('A')}`, 'This entry is not an object'],
  ['no username', `- rolearn: ${role('A')}\n  groups: [g]`, 'username is missing'],
  [
    'a user among the roles',
    '- userarn: arn:aws:iam::111122223333:user/u\n  username: u',
    'userarn does not belong in mapRoles',
  ],
  [
    'a session',
    '- rolearn: arn:aws:sts::111122223333:assumed-role/A/s\n  username: a',
    'arn must name the role',
  ],
  ['a wildcard', `- rolearn: ${role('AWSReservedSSO_Admin_*')}\n  username: a`, 'has a wildcard'],
  ['a username that the caller chooses', `- rolearn: ${role('A')}\n  username: "{{SessionName}}"`, 'chooses'],
  [
    'a fargate profile',
    `- rolearn: ${role('A')}\n  username: system:node:{{SessionName}}\n  groups: [system:nodes]`,
    'username',
  ],
  ['a group that is no text', `- rolearn: ${role('A')}\n  username: a\n  groups: [{}]`, 'groups[0]'],
  ['a wrong unique id', `- rolearn: ${role('A')}\n  username: a\n  userid: AKIA123`, 'principalId'],
])('an entry is reported with the reason, not imported: %s', (_name, fields, expected) => {
  expect(
    awsAuth(mapRoles(fields))
      .notCarried.map(({ message }) => message)
      .join(' '),
  ).toContain(expected);
});

test('an unknown field is reported, and its entry imported', () => {
  const { state, notCarried } = awsAuth(mapRoles(`- rolearn: ${role('A')}\n  username: a\n  mapGroups: [x]`));
  expect(state.mappings).toHaveLength(1);
  expect(notCarried).toMatchObject([{ message: expect.stringMatching(/^mapgroups is not a field/) }]);
});

test('the unique id of an entry becomes the pin of its mapping', () => {
  const { state, notices } = awsAuth(
    mapRoles(`- rolearn: ${role('A')}\n  username: a\n  groups: []\n  userid: AROAEXAMPLEEXAMPLE01`),
  );
  expect(state.mappings).toMatchObject([{ principalId: 'AROAEXAMPLEEXAMPLE01' }]);
  expect(notices).toMatchObject([{ message: expect.stringContaining('becomes a pin') }]);
});
