/** What `countersign kubeconfig` writes, and that merging it disturbs nothing else. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { entriesOf, execClients, wholeKubeconfig } from '../../cli/kubeconfig/entry.ts';
import type { Login } from '../../cli/kubeconfig/entry.ts';
import { mergeKubeconfig } from '../../cli/kubeconfig/merge.ts';

const login: Login = {
  clusterId: 'prod',
  server: 'https://prod.example.com:6443',
  certificateAuthority: '-----BEGIN CERTIFICATE-----\n',
  client: 'countersign',
  context: 'prod-admin',
  roleArn: 'arn:aws:iam::111122223333:role/Admin',
  region: 'eu-west-1',
  profile: 'work',
  namespace: undefined,
};
const entries = entriesOf(login);

const byKubectl = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: https://other.example.com
  name: other
contexts:
- context:
    cluster: other
    user: other
  name: other
current-context: other
kind: Config
preferences: {}
users:
- name: other
  user:
    token: x
`;

const byHand = `# the team's clusters: ask Ann
apiVersion: v1
kind: Config
clusters:
    # the old one
    - name: other
      cluster: { server:   'https://other.example.com' }   # moves in May

# people
users:
  - {name: other, user: {token:   x}}
contexts:
  - name: other
    context: {cluster: other, user: other}
    # end of contexts
current-context:   "other"   # mine
`;

describe('the exec plugin', () => {
  it.each([
    ['countersign', 'v1', ['token', '-i', 'prod', '-r', login.roleArn, '--region', 'eu-west-1']],
    [
      'aws',
      'v1beta1',
      ['eks', 'get-token', '--cluster-name', 'prod', '--role-arn', login.roleArn, '--region', 'eu-west-1'],
    ],
    [
      'aws-iam-authenticator',
      'v1beta1',
      ['token', '-i', 'prod', '-r', login.roleArn, '--region', 'eu-west-1'],
    ],
  ] as const)('runs %s', (client, version, args) => {
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

  it('is known for every client', () => expect(execClients).toHaveLength(3));
});

describe('merging', () => {
  it.each([
    ['kubectl’s own style', byKubectl],
    ['a person’s style', byHand],
    ['no newline at the end', byKubectl.trimEnd()],
  ])('adds lines and changes none but the current context: %s', (_, text) => {
    const { text: after, replaced } = mergeKubeconfig(text, entries, true);
    const own = new Set(after.split('\n'));
    const lost = text.split('\n').filter((line) => !own.has(line));
    expect(lost.filter((line) => !line.startsWith('current-context:'))).toEqual([]);
    expect(replaced).toEqual([]);
    const before = parse(text) as Record<string, unknown[]>;
    expect(parse(after)).toEqual({
      ...before,
      clusters: [...before['clusters']!, entries.clusters],
      users: [...before['users']!, entries.users],
      contexts: [...before['contexts']!, entries.contexts],
      'current-context': 'prod-admin',
    });
  });

  it.each([
    ['no file', undefined],
    ['an empty file', '\n'],
    ['a file without lists', 'apiVersion: v1\nkind: Config\n'],
    [
      'empty lists',
      'apiVersion: v1\nkind: Config\nclusters: []\nusers: null\ncontexts:\ncurrent-context: ""\n',
    ],
    ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] })],
  ])('starts from %s', (_, text) => {
    expect(parse(mergeKubeconfig(text, entries, false).text)).toEqual(wholeKubeconfig(entries));
  });

  it.each([byKubectl, byHand])('a second time changes nothing', (text) => {
    const once = mergeKubeconfig(text, entries, true).text;
    expect(mergeKubeconfig(once, entries, true)).toEqual({ text: once, replaced: [] });
  });

  it('keeps what an entry had besides', () => {
    const once = mergeKubeconfig(byKubectl, entries, true).text;
    const more = once.replace('    user: prod-admin', '    user: prod-admin\n    namespace: web');
    const moved = entriesOf({ ...login, roleArn: undefined });
    const { text } = mergeKubeconfig(more, moved, true);
    expect(text).toContain('namespace: web');
    expect(text).not.toContain('role/Admin');
  });

  it('names what it would take from something else', () => {
    const once = mergeKubeconfig(byKubectl, entries, true).text;
    const other = entriesOf({ ...login, server: 'https://elsewhere.example.com' });
    expect(mergeKubeconfig(once, other, true).replaced).toEqual(['cluster prod']);
    expect(mergeKubeconfig(byKubectl, entriesOf({ ...login, context: 'other' }), true).replaced).toEqual([
      'user other',
      'context other',
    ]);
  });

  it('leaves the current context where it is told to', () => {
    expect(mergeKubeconfig(byKubectl, entries, false).text).toContain('current-context: other\n');
  });

  it('refuses what is no kubeconfig', () => {
    for (const text of ['- a\n', 'a: [', 'text'])
      expect(() => mergeKubeconfig(text, entries, true)).toThrow(/not one YAML object/);
  });
});
