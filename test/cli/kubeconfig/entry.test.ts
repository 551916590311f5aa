/** The cluster, user and context that `countersign kubeconfig` writes. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { entriesOf, execClients, wholeKubeconfig } from '../../../cli/kubeconfig/entry.ts';
import { yamlOf } from '../../../lib/json/write-yaml.ts';
import { login } from '../../fixtures/kubeconfig-login.ts';

test.each([
  ['countersign', 'v1', ['token', '-i', 'prod', '-r', login.roleArn, '--region', 'eu-west-1']],
  [
    'aws',
    'v1beta1',
    ['eks', 'get-token', '--cluster-name', 'prod', '--role-arn', login.roleArn, '--region', 'eu-west-1'],
  ],
  ['aws-iam-authenticator', 'v1beta1', ['token', '-i', 'prod', '-r', login.roleArn, '--region', 'eu-west-1']],
] as const)('the user of a kubeconfig runs %s by the exec API %s', (client, version, args) => {
  expect(entriesOf({ ...login, client }).users).toMatchObject({
    user: {
      exec: {
        apiVersion: `client.authentication.k8s.io/${version}`,
        command: client,
        args,
        env: [{ name: 'AWS_PROFILE', value: 'work' }],
        interactiveMode: 'IfAvailable',
      },
    },
  });
});

test('the exec plugin of a kubeconfig is tested for every client', () => expect(execClients).toHaveLength(3));

test('the exec plugin has no environment and no options beyond the cluster id if the login has none', () => {
  const bare = entriesOf({ ...login, roleArn: undefined, region: undefined, profile: undefined });
  expect(bare.users).toMatchObject({ user: { exec: { args: ['token', '-i', 'prod'] } } });
  expect(bare.users).not.toHaveProperty('user.exec.env');
});

test('the context of a kubeconfig has the namespace of the login', () => {
  const { contexts } = entriesOf({ ...login, namespace: 'web' });
  expect(contexts).toEqual({
    name: 'prod-admin',
    context: { cluster: 'prod', user: 'prod-admin', namespace: 'web' },
  });
});

test('a complete kubeconfig of a cluster whose name YAML 1.1 reads as false has a string for its name', () => {
  const text = yamlOf(wholeKubeconfig(entriesOf({ ...login, clusterId: 'no' })));
  expect(parse(text, { schema: 'yaml-1.1' })).toMatchObject({ clusters: [{ name: 'no' }] });
});

test('a complete kubeconfig holds one entry of each list, and its context is the current one', () => {
  const entries = entriesOf(login);
  expect(wholeKubeconfig(entries)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [entries.clusters],
    users: [entries.users],
    contexts: [entries.contexts],
    'current-context': 'prod-admin',
  });
});
