/**
 * The matrix of roles: a row for every request of the admin API, in scopes of the operator and in others, with the roles
 * that may make it. A write is a dry run.
 */
import { denialId, denialKey } from '../../lib/records/denial.ts';
import { mappingId } from '../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import type { Asked } from '../fixtures/admin-fixture.ts';
import { roleArn } from '../fixtures/records.ts';

export const roles = ['admin', 'operator', 'auditor', 'stranger'] as const;
export type Who = (typeof roles)[number];

const everyone: readonly Who[] = roles;
const readers: readonly Who[] = ['admin', 'operator', 'auditor'];
export const owners: readonly Who[] = ['admin', 'operator'];
export const admins: readonly Who[] = ['admin'];

export interface Row {
  readonly name: string;
  readonly operation: string;
  readonly asked: Asked;
  readonly allowed: readonly Who[];
}

export const mapped = { principal: { arn: roleArn('Dev') }, username: 'dev', groups: ['developers'] };
export const idIn = (scope: Scope): string =>
  mappingId({ scope, principalKey: mappingKeyOf(mapped.principal), owner: 'manual' });
export const denied = { principal: { arn: roleArn('Denied') }, reason: 'r' };
const deniedId = denialId({ principalKey: denialKey(denied) });
export const binding = { iamGroup: 'arn:aws:iam::111122223333:group/g', scope: 'cluster/own', groups: ['g'] };
const dryRun = { dryRun: 'true' };

export const get = (operation: string, path: string, query: Asked['query'] = {}): Row => ({
  name: `GET ${path}`,
  operation,
  asked: { method: 'GET', path, query },
  allowed: readers,
});
export const write = (name: string, operation: string, allowed: readonly Who[], asked: Asked): Row => ({
  name,
  operation,
  allowed,
  asked: { ...asked, query: { ...dryRun, ...asked.query } },
});

export const scopes: readonly (readonly [Scope, readonly Who[]])[] = [
  ['cluster/own', owners],
  ['cluster/other', admins],
  ['set/prod', admins],
  ['all', admins],
];

const reads: readonly Row[] = [
  { ...get('getInfo', '/v1/info'), allowed: everyone },
  { ...get('getOpenApi', '/v1/openapi.json'), allowed: everyone },
  get('listClusters', '/v1/clusters'),
  get('getCluster', '/v1/clusters/other'),
  get('listWebhookTokens', '/v1/clusters/other/webhook-tokens'),
  get('listSets', '/v1/sets'),
  get('getSet', '/v1/sets/prod'),
  get('listMappings', '/v1/mappings'),
  get('getMapping', `/v1/mappings/${idIn('all')}`),
  get('listDenials', '/v1/denials'),
  get('getDenial', `/v1/denials/${deniedId}`),
  get('listGroupBindings', '/v1/group-bindings'),
  get('getGroupBinding', '/v1/group-bindings/g'),
  get('listGroupSyncRuns', '/v1/group-sync/runs'),
  get('getAccess', '/v1/access', { clusterId: 'other' }),
  get('listChanges', '/v1/changes'),
  {
    name: 'POST explain',
    operation: 'explain',
    asked: { method: 'POST', path: '/v1/explain', body: { clusterId: 'other', arn: roleArn('Dev') } },
    allowed: readers,
  },
  {
    name: 'POST plan',
    operation: 'plan',
    asked: { method: 'POST', path: '/v1/plan', body: { mappings: [] } },
    allowed: readers,
  },
];

const clusterWrites = (id: string, allowed: readonly Who[]): readonly Row[] => {
  const path = `/v1/clusters/${id}`;
  const put = { method: 'PUT', path };
  return [
    write(`describe cluster ${id}`, 'putCluster', allowed, { ...put, body: { description: 'x' } }),
    write(`disable cluster ${id}`, 'putCluster', allowed, { ...put, body: { disabled: true } }),
    write(`put cluster ${id} into a set`, 'putCluster', admins, { ...put, body: { sets: ['prod'] } }),
    write(`give cluster ${id} other admins`, 'putCluster', admins, {
      ...put,
      body: { adminGroups: ['ops'] },
    }),
    write(`put cluster ${id} with force`, 'putCluster', admins, {
      ...put,
      body: {},
      query: { force: 'true' },
    }),
    write(`delete cluster ${id} with force`, 'deleteCluster', admins, {
      method: 'DELETE',
      path,
      query: { force: 'true' },
    }),
    write(`make a webhook token of ${id}`, 'createWebhookToken', allowed, {
      method: 'POST',
      path: `${path}/webhook-tokens`,
    }),
  ];
};

const mappingWrites = scopes.flatMap(([scope, allowed]): readonly Row[] => [
  write(`map in ${scope}`, 'createMapping', allowed, {
    method: 'POST',
    path: '/v1/mappings',
    body: { ...mapped, scope, principal: { arn: roleArn('New') } },
  }),
  write(`change in ${scope}`, 'putMapping', allowed, {
    method: 'PUT',
    path: `/v1/mappings/${idIn(scope)}`,
    body: { ...mapped, scope, username: 'x' },
  }),
  write(`delete in ${scope}`, 'deleteMapping', allowed, {
    method: 'DELETE',
    path: `/v1/mappings/${idIn(scope)}`,
  }),
  write(`delete in ${scope} with force`, 'deleteMapping', admins, {
    method: 'DELETE',
    path: `/v1/mappings/${idIn(scope)}`,
    query: { force: 'true' },
  }),
]);

const otherWrites: readonly Row[] = [
  write('register a new cluster', 'putCluster', admins, {
    method: 'PUT',
    path: '/v1/clusters/new',
    body: {},
  }),
  write('create a set', 'putSet', admins, { method: 'PUT', path: '/v1/sets/new', body: {} }),
  write('delete a set', 'deleteSet', admins, { method: 'DELETE', path: '/v1/sets/empty' }),
  write('create a denial', 'createDenial', admins, {
    method: 'POST',
    path: '/v1/denials',
    body: { ...denied, reason: 'x' },
  }),
  write('delete a denial', 'deleteDenial', admins, { method: 'DELETE', path: `/v1/denials/${deniedId}` }),
  write('create a binding', 'putGroupBinding', admins, {
    method: 'PUT',
    path: '/v1/group-bindings/new',
    body: binding,
  }),
  write('delete a binding', 'deleteGroupBinding', admins, { method: 'DELETE', path: '/v1/group-bindings/g' }),
  write('run the sync', 'startGroupSync', admins, { method: 'POST', path: '/v1/group-sync/runs' }),
  write('apply a desired state', 'apply', admins, {
    method: 'POST',
    path: '/v1/apply',
    body: { fingerprint: `sha256:${'0'.repeat(64)}`, state: {} },
  }),
];

export const rows = [
  ...reads,
  ...clusterWrites('own', owners),
  ...clusterWrites('other', admins),
  ...mappingWrites,
  ...otherWrites,
];
