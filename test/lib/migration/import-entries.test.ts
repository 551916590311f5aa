/** Entries as users write them: the rules that aws-auth and the aws-iam-authenticator configuration share. */
import { describe, expect, test } from 'vitest';
import { awsAuth, mapRoles, role, scope } from './builders.ts';

describe('import of an entry', () => {
  test.each([
    ['rolearn', 'username', 'groups', 'mapRoles'],
    ['roleARN', 'userName', 'Groups', 'maproles'],
    ['RoleArn', 'USERNAME', 'GROUPS', 'MapRoles'],
  ])('accepts keys in any letter case: %s, %s, %s, %s', (arn, username, groups, list) => {
    const text = mapRoles(`- ${arn}: ${role('A')}\n  ${username}: a\n  ${groups}: [g]`).replace(
      'mapRoles',
      list,
    );
    expect(awsAuth(text).state.mappings).toEqual([
      { scope, principal: { arn: role('A') }, username: 'a', groups: ['g'] },
    ]);
  });

  test('lists an entry that has one key in two spellings', () => {
    const { state, notCarried } = awsAuth(
      mapRoles(`- rolearn: ${role('A')}\n  roleARN: ${role('B')}\n  username: a`),
    );
    expect(state.mappings).toEqual([]);
    expect(notCarried).toEqual([{ path: 'mapRoles[0]', line: 3, message: expect.stringContaining('twice') }]);
  });

  test.each<[string, string, string]>([
    [
      'groups that are a separate entry',
      `- rolearn: ${role('A')}\n  username: a\n- groups:\n  - g`,
      'rolearn is missing',
    ],
    ['an entry that is a string', `- ${role('A')}`, 'This entry is not an object'],
    ['an entry without a username', `- rolearn: ${role('A')}\n  groups: [g]`, 'username is missing'],
    [
      'a user in mapRoles',
      '- userarn: arn:aws:iam::111122223333:user/u\n  username: u',
      'userarn does not belong in mapRoles',
    ],
    [
      'the ARN of a session',
      '- rolearn: arn:aws:sts::111122223333:assumed-role/A/s\n  username: a',
      'arn must name the role',
    ],
    [
      'an ARN with a wildcard',
      `- rolearn: ${role('AWSReservedSSO_Admin_*')}\n  username: a`,
      'has a wildcard',
    ],
    [
      'a username that the caller chooses',
      `- rolearn: ${role('A')}\n  username: "{{SessionName}}"`,
      'chooses',
    ],
    [
      'a Fargate profile',
      `- rolearn: ${role('A')}\n  username: system:node:{{SessionName}}\n  groups: [system:nodes]`,
      'username',
    ],
    ['a group that is not a string', `- rolearn: ${role('A')}\n  username: a\n  groups: [{}]`, 'groups[0]'],
    ['an invalid unique id', `- rolearn: ${role('A')}\n  username: a\n  userid: AKIA123`, 'principalId'],
  ])('lists %s instead of converting it, with the reason', (_name, fields, expected) => {
    expect(
      awsAuth(mapRoles(fields))
        .notCarried.map(({ message }) => message)
        .join(' '),
    ).toContain(expected);
  });

  test('reports an unknown field and converts the entry', () => {
    const { state, notCarried } = awsAuth(
      mapRoles(`- rolearn: ${role('A')}\n  username: a\n  mapGroups: [x]`),
    );
    expect(state.mappings).toHaveLength(1);
    expect(notCarried).toMatchObject([{ message: expect.stringMatching(/^mapgroups is not a field/) }]);
  });

  test('converts the later of two entries of one ARN, as aws-iam-authenticator does, and lists the other', () => {
    const { state, notCarried } = awsAuth(
      mapRoles(`- rolearn: ${role('A')}\n  username: first\n- rolearn: ${role('a')}\n  username: second`),
    );
    expect(state.mappings.map(({ username }) => username)).toEqual(['second']);
    expect(notCarried).toEqual([
      {
        path: 'mapRoles[0]',
        line: 3,
        message: expect.stringMatching(/mapRoles\[1\] \(line 5\), which comes later/),
      },
    ]);
  });

  test('prefers an entry without a role path to a later one with a path, which never took effect', () => {
    const { state, notCarried } = awsAuth(
      mapRoles(`- rolearn: ${role('A')}\n  username: works\n- rolearn: ${role('path/A')}\n  username: never`),
    );
    expect(state.mappings.map(({ username }) => username)).toEqual(['works']);
    expect(notCarried).toMatchObject([
      { path: 'mapRoles[1]', message: expect.stringContaining('has no path') },
    ]);
  });

  test('converts a unique id to a pin', () => {
    const { state, notices } = awsAuth(
      mapRoles(`- rolearn: ${role('A')}\n  username: a\n  groups: []\n  userid: AROAEXAMPLEEXAMPLE01`),
    );
    expect(state.mappings).toMatchObject([{ principalId: 'AROAEXAMPLEEXAMPLE01' }]);
    expect(notices).toMatchObject([{ message: expect.stringContaining('becomes a pin') }]);
  });
});
