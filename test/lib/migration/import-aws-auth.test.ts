import { describe, expect, test } from 'vitest';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { ImportResult } from '../../../lib/migration/import-entries.ts';
import { awsAuth, mapRoles, role, scope } from './builders.ts';

const problems = (result: ImportResult): readonly string[] =>
  result.ok ? [] : result.failure.map(({ line, message }) => `${line}: ${message}`);

/** As the EKS guide on self-managed nodes and users shows it. */
const eksGuide = `apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: ${role('eks-node-group')}
      username: system:node:{{EC2PrivateDNSName}}
      groups:
        - system:bootstrappers
        - system:nodes
    - rolearn: ${role('platform/admins/ClusterAdmin')}
      username: cluster-admin
      groups:
        - system:masters
  mapUsers: |
    - userarn: arn:aws:iam::111122223333:user/ops
      username: ops
      groups:
        - system:masters
  mapAccounts: |
    - "012345678901"
`;

describe('import of the aws-auth ConfigMap of the EKS guide', () => {
  const { state, notices, notCarried } = awsAuth(eksGuide);

  test('converts roles, node roles and users to mappings', () => {
    expect(state.mappings).toEqual([
      {
        scope,
        principal: { arn: role('eks-node-group') },
        username: 'system:node:{{EC2PrivateDNSName}}',
        groups: ['system:bootstrappers', 'system:nodes'],
      },
      {
        scope,
        principal: { arn: role('platform/admins/ClusterAdmin') },
        username: 'cluster-admin',
        groups: ['system:masters'],
      },
      {
        scope,
        principal: { arn: 'arn:aws:iam::111122223333:user/ops' },
        username: 'ops',
        groups: ['system:masters'],
      },
    ]);
  });

  test('reports a role path with its line, because the entry takes effect only now', () => {
    expect(notices).toEqual([
      {
        path: 'mapRoles[1]',
        line: 13,
        message: expect.stringMatching(/has a path, so aws-iam-authenticator never matches it/),
      },
    ]);
  });

  test('lists an account that it cannot convert, with its leading zero', () => {
    expect(notCarried).toEqual([
      {
        path: 'mapAccounts[0]',
        line: 23,
        message: expect.stringMatching(/^Account 012345678901: mapAccounts/),
      },
    ]);
  });
});

describe('a file of aws-auth', () => {
  test.each<[string, string, string]>([
    [
      'the list is not indented below its key',
      `data:\n  mapRoles: |\n- rolearn: ${role('A')}\n`,
      '3: This is not YAML',
    ],
    [
      'the block sign is missing',
      `data:\n  mapRoles:\n    rolearn: ${role('A')}\n`,
      '2: mapRoles must be text that holds a YAML list',
    ],
    ['the dash is missing', mapRoles(`rolearn: ${role('A')}\nusername: a`), '3: mapRoles must be a list'],
    [
      'a field is indented more than its entry',
      mapRoles(`- rolearn: ${role('A')}\n    username: a`),
      '3: This is not YAML',
    ],
    ['there are two ConfigMaps', `${eksGuide}---\n${eksGuide}`, '1: The file holds 2 ConfigMaps'],
    ['it is another kind of object', 'kind: Deployment\n', '1: The file holds 0 ConfigMaps'],
    ['it is indented by tabs', 'data:\n\tmapRoles: x\n', '2: This is not YAML'],
  ])('is refused as a whole, with the line, if %s', (_name, text, expected) => {
    expect(problems(importAwsAuth(text, scope))[0]).toMatch(expected);
  });

  test('is read from a kubectl List and from JSON', () => {
    const list = {
      kind: 'List',
      items: [{ kind: 'ConfigMap', data: { mapRoles: `- rolearn: ${role('A')}\n  username: a\n` } }],
    };
    expect(awsAuth(JSON.stringify(list)).state.mappings).toHaveLength(1);
  });

  test('is refused if its aliases multiply', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(10)}]`),
    ];
    expect(problems(importAwsAuth(bomb.join('\n'), scope))[0]).toContain('aliases');
  });
});
