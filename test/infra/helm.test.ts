import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { compileSchema } from '../fixtures/json-schema.ts';
import { renderGoTemplate } from './support/go-template.ts';
import { RbacObject } from './support/kubernetes/rbac.ts';

const chart = 'infra/helm/rbac';
const valueErrors = compileSchema(JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')));
const defaults = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));

interface Values {
  levels?: Record<string, unknown>;
  clusterRoles?: Record<string, unknown>;
  labels?: Record<string, string>;
}

/** Helm merges maps key by key; null deletes a key. */
const merged = (values: Values): unknown => ({
  ...defaults,
  ...values,
  levels: { ...defaults.levels, ...values.levels },
});

function objects(values: Values = {}): RbacObject[] {
  const all = merged(values);
  expect(valueErrors(all)).toEqual([]);
  const templates = readdirSync(join(chart, 'templates')).filter((file) => file.endsWith('.yaml'));
  return templates.flatMap((file) => {
    const text = renderGoTemplate(readFileSync(join(chart, 'templates', file), 'utf8'), {
      Values: all,
      Release: { Service: 'Helm' },
    });
    return parseAllDocuments(text)
      .map((document) => document.toJS())
      .filter((object) => object !== null)
      .map((object) => RbacObject.parse(object));
  });
}

const summary = (values?: Values): string[] =>
  objects(values).map((object) =>
    [
      object.kind,
      'namespace' in object.metadata ? object.metadata.namespace : '*',
      object.metadata.name,
    ].join(' '),
  );

describe('the RBAC chart', () => {
  test('binds viewers cluster-wide, developers in no namespace and cluster-admin to no group by default', () => {
    expect(summary()).toEqual(['ClusterRoleBinding * countersign-viewers-view']);
    expect(JSON.stringify(objects())).not.toMatch(/cluster-admin|system:masters/);
  });

  test('has groups with a prefix by default, which no other authenticator assigns by chance', () => {
    expect(objects()[0]).toMatchObject({ subjects: [{ kind: 'Group', name: 'iam:viewers' }] });
    expect(defaults.levels.developers.groups).toEqual(['iam:developers']);
  });

  test('binds cluster-admin to the groups that the values name', () => {
    const administrators = {
      groups: ['iam:platform-admins'],
      clusterRole: 'cluster-admin',
      clusterWide: true,
    };
    expect(objects({ levels: { administrators } })[0]).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', name: 'iam:platform-admins' }],
    });
  });

  test('binds developers to edit in each namespace of the values', () => {
    const developers = { groups: ['developers', 'web'], clusterRole: 'edit', namespaces: ['shop', 'blog'] };
    const bindings = objects({ levels: { developers } }).filter(({ kind }) => kind === 'RoleBinding');
    expect(bindings.map(({ metadata }) => ('namespace' in metadata ? metadata.namespace : ''))).toEqual([
      'shop',
      'blog',
    ]);
    expect(bindings[0]).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [
        { kind: 'Group', name: 'developers' },
        { kind: 'Group', name: 'web' },
      ],
    });
  });

  test('accepts custom levels and cluster roles', () => {
    const rules = [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }];
    const readers = {
      groups: ['support'],
      clusterRole: 'log-reader',
      clusterWide: true,
      namespaces: ['shop'],
    };
    const values = {
      levels: { support: readers },
      clusterRoles: { 'log-reader': { rules } },
      labels: { team: 'a' },
    };
    expect(summary(values)).toEqual([
      'ClusterRoleBinding * countersign-support-log-reader',
      'RoleBinding shop countersign-support-log-reader',
      'ClusterRoleBinding * countersign-viewers-view',
      'ClusterRole * log-reader',
    ]);
    expect(objects(values).at(-1)).toMatchObject({ rules, metadata: { labels: { team: 'a' } } });
  });

  test('omits a level that is null', () => {
    expect(summary({ levels: { administrators: null, viewers: null } })).toEqual([]);
  });

  test('creates a binding of another name if the role changes, because roleRef is immutable', () => {
    const [before] = objects({
      levels: { viewers: { groups: ['v'], clusterRole: 'view', clusterWide: true } },
    }).slice(-1);
    const [after] = objects({
      levels: { viewers: { groups: ['v'], clusterRole: 'edit', clusterWide: true } },
    }).slice(-1);
    expect(after!.metadata.name).not.toBe(before!.metadata.name);
  });

  test.each<[string, unknown]>([
    ['the group of all authenticated users', { groups: ['system:authenticated'], clusterRole: 'view' }],
    [
      'the group of all service accounts of a namespace',
      { groups: ['system:serviceaccounts:shop'], clusterRole: 'view' },
    ],
    ['a level without a group', { groups: [], clusterRole: 'view' }],
    ['a level without a role', { groups: ['a'] }],
    ['an unknown field of a level', { groups: ['a'], clusterRole: 'view', namespace: 'shop' }],
    ['an invalid namespace', { groups: ['a'], clusterRole: 'view', namespaces: ['Shop'] }],
  ])('has a values schema that refuses %s', (_, level) => {
    expect(valueErrors(merged({ levels: { wrong: level } }))).not.toEqual([]);
  });

  test('passes helm lint and helm template, if helm is installed', (context) => {
    for (const args of [
      ['lint', '--strict'],
      ['template', 'rbac'],
    ]) {
      const { error, status, stdout, stderr } = spawnSync('helm', [...args, chart], { encoding: 'utf8' });
      if (error !== undefined) context.skip('There is no helm here.');
      expect(stdout + stderr).not.toContain('[ERROR]');
      expect(status).toBe(0);
    }
  });
});
