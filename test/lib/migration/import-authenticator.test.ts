import { describe, expect, test } from 'vitest';
import { importAuthenticator } from '../../../lib/migration/import-authenticator.ts';
import type { Imported } from '../../../lib/migration/import-entries.ts';
import { imported, role, scope } from './builders.ts';

const authenticator = (text: string): Imported => imported(importAuthenticator(text, scope));

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

describe('import of the aws-iam-authenticator configuration of the kops guide', () => {
  const result = importAuthenticator(kopsGuide, scope);
  const { state, notCarried } = imported(result);

  test('converts every entry, from a ConfigMap among other documents', () => {
    expect(state.mappings.map(({ principal, username }) => [principal, username])).toEqual([
      [{ arn: role('KubernetesAdmin') }, 'kubernetes-admin'],
      [{ arn: role('KubernetesNode') }, 'system:node:{{EC2PrivateDNSName}}'],
      [{ permissionSet: { accountId: '111122223333', name: 'ViewOnlyAccess' } }, 'sso:{{SessionName}}'],
      [{ arn: 'arn:aws:iam::111122223333:user/Alice' }, 'alice'],
    ]);
  });

  test('returns the cluster id, so that tokens stay valid', () => {
    expect(result).toMatchObject({ value: { clusterId: 'my-dev-cluster.example.com' } });
  });

  test('lists each server setting with its replacement', () => {
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

  test('converts the bare configuration to the same state', () => {
    const bare = kopsGuide
      .split('\n')
      .slice(13, 42)
      .map((line) => line.slice(4))
      .join('\n');
    expect(authenticator(bare).state).toEqual(state);
  });
});

test('import of an aws-iam-authenticator configuration reports lists that stand beside server instead of below it, and ignores them', () => {
  const { state, notCarried } = authenticator(
    `clusterID: a\nserver:\nmapRoles:\n- roleARN: ${role('A')}\n  username: a\n`,
  );
  expect(state.mappings).toEqual([]);
  expect(notCarried).toMatchObject([{ line: 3, message: expect.stringContaining('stands beside server') }]);
});
