import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type * as z from 'zod';
import { renderGoTemplate } from './support/go-template.ts';
import { schemaErrors } from './support/json-schema.ts';
import { RbacObject } from './support/kubernetes-schemas.ts';

const chart = 'infra/helm/rbac';
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'));
const defaults = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));

interface Values {
  levels?: Record<string, unknown>;
  clusterRoles?: Record<string, unknown>;
  labels?: Record<string, string>;
}

/** Helm merges maps key by key; a null takes a key away. */
const merged = (values: Values): unknown => ({
  ...defaults,
  ...values,
  levels: { ...defaults.levels, ...values.levels },
});

function objects(values: Values = {}): z.infer<typeof RbacObject>[] {
  const all = merged(values);
  expect(schemaErrors(all, schema)).toEqual([]);
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
  it('gives administrators and viewers the whole cluster, and developers no namespace until one is named', () => {
    expect(summary()).toEqual([
      'ClusterRoleBinding * countersign-administrators-cluster-admin',
      'ClusterRoleBinding * countersign-viewers-view',
    ]);
  });

  it('binds developers to edit in the namespaces that are named', () => {
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

  it('takes any number of levels and roles of one’s own', () => {
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
      'ClusterRoleBinding * countersign-administrators-cluster-admin',
      'ClusterRoleBinding * countersign-support-log-reader',
      'RoleBinding shop countersign-support-log-reader',
      'ClusterRoleBinding * countersign-viewers-view',
      'ClusterRole * log-reader',
    ]);
    expect(objects(values).at(-1)).toMatchObject({ rules, metadata: { labels: { team: 'a' } } });
  });

  it('leaves a level out that is null', () => {
    expect(summary({ levels: { administrators: null, viewers: null } })).toEqual([]);
  });

  it('names a binding after its role, which cannot be changed afterwards', () => {
    const [before] = objects({
      levels: { viewers: { groups: ['v'], clusterRole: 'view', clusterWide: true } },
    }).slice(-1);
    const [after] = objects({
      levels: { viewers: { groups: ['v'], clusterRole: 'edit', clusterWide: true } },
    }).slice(-1);
    expect(after!.metadata.name).not.toBe(before!.metadata.name);
  });

  it.each<[string, unknown]>([
    ['a group that everybody is in', { groups: ['system:authenticated'], clusterRole: 'view' }],
    ['all service accounts', { groups: ['system:serviceaccounts:shop'], clusterRole: 'view' }],
    ['no group', { groups: [], clusterRole: 'view' }],
    ['no role', { groups: ['a'] }],
    ['a field that does not exist', { groups: ['a'], clusterRole: 'view', namespace: 'shop' }],
    ['a namespace that cannot exist', { groups: ['a'], clusterRole: 'view', namespaces: ['Shop'] }],
  ])('refuses %s', (_, level) => {
    expect(schemaErrors(merged({ levels: { wrong: level } }), schema)).not.toEqual([]);
  });

  it('passes helm lint and helm template, where present', (context) => {
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
