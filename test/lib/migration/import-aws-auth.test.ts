import { describe, expect, test } from 'vitest';
import { importAuthenticator } from '../../../lib/migration/import-authenticator.ts';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { ImportResult, Imported } from '../../../lib/migration/import-entries.ts';

const scope = 'cluster/prod' as const;
const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

function imported(result: ImportResult): Imported {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.imported;
}
const awsAuth = (text: string): Imported => imported(importAwsAuth(text, { scope }));
const authenticator = (text: string): Imported => imported(importAuthenticator(text, { scope }));
const problems = (result: ImportResult): readonly string[] =>
  result.ok ? [] : result.problems.map(({ line, message }) => `${line}: ${message}`);

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

describe('the aws-auth ConfigMap of the EKS guide', () => {
  const { state, notices, notCarried } = awsAuth(eksGuide);

  test('roles and users become mappings, node entries among them', () => {
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

  test('a role path is told, with its line: there it lets nobody in, here it does', () => {
    expect(notices).toEqual([
      { path: 'mapRoles[1]', line: 13, message: expect.stringMatching(/has a path, so it lets nobody in/) },
    ]);
  });

  test('accounts are listed, with the zero that they begin with', () => {
    expect(notCarried).toEqual([
      {
        path: 'mapAccounts[0]',
        line: 23,
        message: expect.stringMatching(/^Account 012345678901: mapAccounts/),
      },
    ]);
  });
});

/** As the kops and authenticator guides show it: several documents, the configuration inside a ConfigMap. */
const kopsGuide = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: aws-iam-authenticator }
---
apiVersion: v1
kind: ConfigMap
metadata:
  namespace: kube-system
  name: aws-iam-authenticator
  labels: { k8s-app: aws-iam-authenticator }
data:
  config.yaml: |
    # a unique-per-cluster identifier to prevent replay attacks
    clusterID: my-dev-cluster.example.com
    server:
      port: 21362
      scrubbedAccounts:
      - "111122223333"
      mapRoles:
      - roleARN: ${role('KubernetesAdmin')}
        username: kubernetes-admin
        groups:
        - system:masters
      - roleARN: ${role('KubernetesNode')}
        username: system:node:{{EC2PrivateDNSName}}
        groups:
        - system:nodes
        - system:bootstrappers
      - sso:
          permissionSetName: ViewOnlyAccess
          accountID: "111122223333"
        username: sso:{{SessionName}}
        groups: [viewers]
      mapUsers:
      - userARN: arn:aws:iam::111122223333:user/Alice
        username: alice
        groups:
        - system:masters
      mapAccounts:
      - 012345678901
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: aws-iam-authenticator, namespace: kube-system }
`;

describe('the aws-iam-authenticator configuration of the kops guide', () => {
  const result = importAuthenticator(kopsGuide, { scope });
  const { state, notCarried } = imported(result);

  test('every entry, from the ConfigMap among other documents', () => {
    expect(state.mappings.map(({ principal, username }) => [principal, username])).toEqual([
      [{ arn: role('KubernetesAdmin') }, 'kubernetes-admin'],
      [{ arn: role('KubernetesNode') }, 'system:node:{{EC2PrivateDNSName}}'],
      [{ permissionSet: { accountId: '111122223333', name: 'ViewOnlyAccess' } }, 'sso:{{SessionName}}'],
      [{ arn: 'arn:aws:iam::111122223333:user/Alice' }, 'alice'],
    ]);
  });

  test('the cluster id, by which tokens stay valid', () => {
    expect(result).toMatchObject({ clusterId: 'my-dev-cluster.example.com' });
  });

  test('settings of the server say what they become', () => {
    expect(notCarried).toEqual([
      {
        path: 'server.scrubbedAccounts',
        line: 18,
        message:
          'scrubbedAccounts is a setting of the server: set COUNTERSIGN_SCRUBBED_ACCOUNTS in the deployment.',
      },
      { path: 'mapAccounts[0]', line: 41, message: expect.stringContaining('012345678901') },
    ]);
  });

  test('the same, bare', () => {
    const bare = kopsGuide
      .split('\n')
      .slice(13, 42)
      .map((line) => line.slice(4))
      .join('\n');
    expect(authenticator(bare).state).toEqual(state);
  });
});

const entry = (fields: string): string => `data:\n  mapRoles: |\n${fields.replaceAll(/^/gm, '    ')}\n`;

describe('what people write', () => {
  test.each([
    ['rolearn', 'username', 'groups', 'mapRoles'],
    ['roleARN', 'userName', 'Groups', 'maproles'],
    ['RoleArn', 'USERNAME', 'GROUPS', 'MapRoles'],
  ])('keys in any letter case: %s, %s, %s, %s', (arn, username, groups, list) => {
    const text = entry(`- ${arn}: ${role('A')}\n  ${username}: a\n  ${groups}: [g]`).replace(
      'mapRoles',
      list,
    );
    expect(awsAuth(text).state.mappings).toEqual([
      { scope, principal: { arn: role('A') }, username: 'a', groups: ['g'] },
    ]);
  });

  test('one key in two spellings is refused, not chosen from', () => {
    const { state, notCarried } = awsAuth(
      entry(`- rolearn: ${role('A')}\n  roleARN: ${role('B')}\n  username: a`),
    );
    expect(state.mappings).toEqual([]);
    expect(notCarried).toEqual([{ path: 'mapRoles[0]', line: 3, message: expect.stringContaining('twice') }]);
  });

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
    ['the dash is missing', entry(`rolearn: ${role('A')}\nusername: a`), '3: mapRoles must be a list'],
    [
      'a field is indented more than its entry',
      entry(`- rolearn: ${role('A')}\n    username: a`),
      '3: This is not YAML',
    ],
    ['two ConfigMaps', `${eksGuide}---\n${eksGuide}`, '1: The file holds 2 ConfigMaps'],
    ['another file', 'kind: Deployment\n', '1: The file holds 0 ConfigMaps'],
    ['tabs', 'data:\n\tmapRoles: x\n', '2: This is not YAML'],
  ])('refused as a whole, with the line: %s', (_name, text, expected) => {
    expect(problems(importAwsAuth(text, { scope }))[0]).toMatch(expected);
  });

  test.each<[string, string, string]>([
    [
      'groups that have become an entry of their own',
      `- rolearn: ${role('A')}\n  username: a\n- groups:\n  - g`,
      'rolearn is missing',
    ],
    ['an entry that is text', `- ${role('A')}`, 'This entry is no object'],
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
    [
      'a username that the caller chooses',
      `- rolearn: ${role('A')}\n  username: "{{SessionName}}"`,
      'chooses',
    ],
    [
      'a fargate profile',
      `- rolearn: ${role('A')}\n  username: system:node:{{SessionName}}\n  groups: [system:nodes]`,
      'username',
    ],
    ['a group that is no text', `- rolearn: ${role('A')}\n  username: a\n  groups: [{}]`, 'groups[0]'],
    ['a wrong unique id', `- rolearn: ${role('A')}\n  username: a\n  userid: AKIA123`, 'principalId'],
  ])('not carried over, with the reason: %s', (_name, fields, expected) => {
    expect(
      awsAuth(entry(fields))
        .notCarried.map(({ message }) => message)
        .join(' '),
    ).toContain(expected);
  });

  test('an unknown field is told, and the entry is imported', () => {
    const { state, notCarried } = awsAuth(entry(`- rolearn: ${role('A')}\n  username: a\n  mapGroups: [x]`));
    expect(state.mappings).toHaveLength(1);
    expect(notCarried).toMatchObject([{ message: expect.stringMatching(/^mapgroups is no field/) }]);
  });

  test('of two entries of one ARN the later wins, as there, and the other is listed', () => {
    const { state, notCarried } = awsAuth(
      entry(`- rolearn: ${role('A')}\n  username: first\n- rolearn: ${role('a')}\n  username: second`),
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

  test('an entry without a path wins over a later one with a path, which never worked', () => {
    const { state, notCarried } = awsAuth(
      entry(`- rolearn: ${role('A')}\n  username: works\n- rolearn: ${role('path/A')}\n  username: never`),
    );
    expect(state.mappings.map(({ username }) => username)).toEqual(['works']);
    expect(notCarried).toMatchObject([
      { path: 'mapRoles[1]', message: expect.stringContaining('has no path') },
    ]);
  });

  test('a unique id becomes a pin', () => {
    const { state, notices } = awsAuth(
      entry(`- rolearn: ${role('A')}\n  username: a\n  groups: []\n  userid: AROAEXAMPLEEXAMPLE01`),
    );
    expect(state.mappings).toMatchObject([{ principalId: 'AROAEXAMPLEEXAMPLE01' }]);
    expect(notices).toMatchObject([{ message: expect.stringContaining('becomes a pin') }]);
  });

  test('lists beside server, for want of indentation, are not read and are told', () => {
    const { state, notCarried } = authenticator(
      `clusterID: a\nserver:\nmapRoles:\n- roleARN: ${role('A')}\n  username: a\n`,
    );
    expect(state.mappings).toEqual([]);
    expect(notCarried).toMatchObject([{ line: 3, message: expect.stringContaining('stands beside server') }]);
  });

  test('a kubectl List, and JSON', () => {
    const list = {
      kind: 'List',
      items: [{ kind: 'ConfigMap', data: { mapRoles: `- rolearn: ${role('A')}\n  username: a\n` } }],
    };
    expect(awsAuth(JSON.stringify(list)).state.mappings).toHaveLength(1);
  });

  test('aliases that multiply are refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(10)}]`),
    ];
    expect(problems(importAwsAuth(bomb.join('\n'), { scope }))[0]).toContain('aliases');
  });
});
