/** Merging a login into a kubeconfig: what is added, and that all other values and comments stay. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { entriesOf, wholeKubeconfig } from '../../../cli/kubeconfig/entry.ts';
import { mergeKubeconfig } from '../../../cli/kubeconfig/merge.ts';
import { login } from '../../fixtures/kubeconfig-login.ts';

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

/** Shared values, as in files that a team keeps in a repository. */
const withAnchors = `apiVersion: v1
kind: Config
clusters:
- name: blue
  cluster: &defaults
    server: https://blue.example.com
    proxy-url: http://proxy.example.com
- name: green
  cluster:
    <<: *defaults
    server: https://green.example.com
users:
- name: ann
  user: &ann
    token: x # rotated weekly
- name: ben
  user: *ann
contexts: [{name: blue, context: {cluster: blue, user: ann}}, {name: green, context: {cluster: green, user: ben}}]
current-context: green
`;

const commentsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^|\s)(#.*)$/gm)].map(([, comment]) => comment!.trim());

/** As kubectl reads it. */
const read = (text: string): Record<string, unknown[]> =>
  parse(text, { schema: 'yaml-1.1' }) as Record<string, unknown[]>;

const files = [
  ['in kubectl’s own style', byKubectl],
  ['written by a person, with comments', byHand],
  ['without a newline at its end', byKubectl.trimEnd()],
  ['with Windows line ends', byHand.replaceAll('\n', '\r\n')],
  ['with anchors, aliases and flow style', withAnchors],
  ['in JSON', JSON.stringify(parse(byKubectl))],
] as const;

describe('merging into a kubeconfig', () => {
  test.each(files)(
    'a kubeconfig %s keeps every entry, value and comment, and gets the new entries',
    (_, text) => {
      const { text: after, replaced } = mergeKubeconfig(text, entries, true);
      const before = read(text);
      expect(read(after)).toEqual({
        ...before,
        clusters: [...before['clusters']!, entries.clusters],
        users: [...before['users']!, entries.users],
        contexts: [...before['contexts']!, entries.contexts],
        'current-context': 'prod-admin',
      });
      expect(commentsIn(after)).toEqual(commentsIn(text));
      expect(replaced).toEqual([]);
    },
  );

  test('a kubeconfig in kubectl’s own style keeps every line but the current context', () => {
    const own = new Set(mergeKubeconfig(byKubectl, entries, true).text.split('\n'));
    expect(byKubectl.split('\n').filter((line) => !own.has(line))).toEqual(['current-context: other']);
  });

  test('a kubeconfig with Windows line ends has no other line end after a merge', () => {
    const { text } = mergeKubeconfig(byKubectl.replaceAll('\n', '\r\n'), entries, true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('an anchor and its aliases stay if only new entries are added', () => {
    expect(mergeKubeconfig(withAnchors, entries, true).text).toMatch(
      /&defaults[^]*\*defaults[^]*&ann[^]*\*ann/,
    );
  });

  test('a change of an entry with an anchor leaves the entries with its alias as they were', () => {
    const moved = entriesOf({ ...login, clusterId: 'blue', context: 'ann' });
    const after = read(mergeKubeconfig(withAnchors, moved, true).text);
    expect(after['clusters']).toEqual([
      {
        name: 'blue',
        cluster: { ...(moved.clusters['cluster'] as object), 'proxy-url': 'http://proxy.example.com' },
      },
      {
        name: 'green',
        cluster: { server: 'https://green.example.com', 'proxy-url': 'http://proxy.example.com' },
      },
    ]);
    expect(after['users']).toEqual([moved.users, { name: 'ben', user: { token: 'x' } }]);
  });

  test('a list that is an alias of another list keeps its entries', () => {
    const text = 'users: &list\n- name: a\n  user: {}\ncontexts: *list\n';
    const after = read(mergeKubeconfig(text, entries, false).text);
    expect(after['users']).toHaveLength(2);
    expect(after['contexts']).toEqual([{ name: 'a', user: {} }, entries.contexts]);
  });

  test.each([
    ['does not exist', undefined],
    ['is empty', '\n'],
    ['has no lists', 'apiVersion: v1\nkind: Config\n'],
    [
      'has empty lists',
      'apiVersion: v1\nkind: Config\nclusters: []\nusers: null\ncontexts:\ncurrent-context: ""\n',
    ],
    ['is JSON', JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] })],
  ])('a kubeconfig that %s holds the new entries only after a merge', (_, text) => {
    expect(parse(mergeKubeconfig(text, entries, false).text)).toEqual(wholeKubeconfig(entries));
  });

  test('comments at empty lists stay', () => {
    const text = '# ours\nclusters: [] # none yet\nusers: # nobody\ncontexts: []\n';
    expect(commentsIn(mergeKubeconfig(text, entries, false).text).toSorted()).toEqual(
      commentsIn(text).toSorted(),
    );
  });

  test.each(files)('a second merge into a kubeconfig %s changes nothing', (_, text) => {
    const once = mergeKubeconfig(text, entries, true).text;
    expect(mergeKubeconfig(once, entries, true)).toEqual({ text: once, replaced: [] });
  });

  test('a kubeconfig that already holds the entries keeps every byte', () => {
    const text = `# ours\n${JSON.stringify(wholeKubeconfig(entries), null, 8)}`;
    expect(mergeKubeconfig(text, entries, true).text).toBe(text);
  });

  test('a context keeps its namespace and its comments, and a user loses its former role', () => {
    const once = mergeKubeconfig(byKubectl, entries, true).text;
    const more = once.replace(
      '    user: prod-admin',
      '    # as agreed\n    user: prod-admin # admin\n    namespace: web',
    );
    const moved = entriesOf({ ...login, clusterId: 'prod', roleArn: undefined, namespace: undefined });
    const { text } = mergeKubeconfig(more, moved, true);
    expect(text).toContain('namespace: web');
    expect(commentsIn(text)).toEqual(['# as agreed', '# admin']);
    expect(text).not.toContain('role/Admin');
  });

  test('entries of another server or another client are reported as replaced', () => {
    const once = mergeKubeconfig(byKubectl, entries, true).text;
    const other = entriesOf({ ...login, server: 'https://elsewhere.example.com' });
    expect(mergeKubeconfig(once, other, true).replaced).toEqual(['cluster prod']);
    expect(mergeKubeconfig(byKubectl, entriesOf({ ...login, context: 'other' }), true).replaced).toEqual([
      'user other',
      'context other',
    ]);
  });

  test('the current context stays if the merge is not asked to change it', () => {
    expect(mergeKubeconfig(byKubectl, entries, false).text).toContain('current-context: other\n');
  });

  test('a cluster whose name YAML 1.1 reads as false is a string for kubectl', () => {
    const { text } = mergeKubeconfig(
      byKubectl,
      entriesOf({ ...login, clusterId: 'no', context: 'off' }),
      true,
    );
    expect(read(text)['clusters']!.at(-1)).toMatchObject({ name: 'no' });
    expect(read(text)).toMatchObject({ 'current-context': 'off' });
  });

  test('values of YAML 1.1 and large integers keep their text', () => {
    const lines = [
      '    insecure-skip-tls-verify: yes',
      '    a: 12345678901234567890',
      '    b: 0o17',
      '    c: 2024-01-01',
    ];
    const text = `clusters:\n- name: a\n  cluster:\n${lines.join('\n')}\n`;
    expect(mergeKubeconfig(text, entries, true).text).toContain(lines.join('\n'));
  });

  test.each(['- a\n', 'a: [', 'text', 'a: 1\na: 2\n', 'a: *b\n', 'a: 1\n---\nb: 2\n'])(
    'a text that is not one YAML object is refused: %j',
    (text) => expect(() => mergeKubeconfig(text, entries, true)).toThrow(/not one YAML object/),
  );

  test('a list that is an object is refused, since a merge would overwrite it', () => {
    expect(() => mergeKubeconfig('users: {a: b}\n', entries, true)).toThrow(
      /"users" of the kubeconfig is not a list/,
    );
  });
});
