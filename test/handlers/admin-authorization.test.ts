import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { denialId, denialKey } from '../../lib/records/denial.ts';
import { mappingId } from '../../lib/records/mapping.ts';
import { principalKey } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { callers, createAdminWorld, must } from '../fixtures/admin-world.ts';
import type { AdminWorld, AnyJson, Asked } from '../fixtures/admin-world.ts';
import { roleArn } from '../fixtures/records.ts';

/**
 * Who may do what: every route, by every role, in scopes that are the operator's own and those that are not. All of it
 * is asked as a dry run where there is one, and of a table that a refusal must leave as it was.
 */
const roles = ['admin', 'operator', 'auditor', 'stranger'] as const;
type Who = (typeof roles)[number];

const everybody: readonly Who[] = roles;
const readers: readonly Who[] = ['admin', 'operator', 'auditor'];
const owners: readonly Who[] = ['admin', 'operator'];
const admins: readonly Who[] = ['admin'];

interface Row {
  readonly name: string;
  readonly operation: string;
  readonly asked: Asked;
  readonly allowed: readonly Who[];
}

const mapped = { principal: { arn: roleArn('Dev') }, username: 'dev', groups: ['developers'] };
const idIn = (scope: Scope): string =>
  mappingId({ scope, principalKey: principalKey(mapped.principal), owner: 'manual' });
const denied = { principal: { arn: roleArn('Denied') }, reason: 'r' };
const deniedId = denialId({ principalKey: denialKey(denied) });
const binding = { iamGroup: 'arn:aws:iam::111122223333:group/g', scope: 'cluster/own', groups: ['g'] };
const dryRun = { dryRun: 'true' };

const get = (operation: string, path: string, query: Asked['query'] = {}): Row => ({
  name: `GET ${path}`,
  operation,
  asked: { method: 'GET', path, query },
  allowed: readers,
});
const write = (name: string, operation: string, allowed: readonly Who[], asked: Asked): Row => ({
  name,
  operation,
  allowed,
  asked: { ...asked, query: { ...dryRun, ...asked.query } },
});

const scopes: readonly (readonly [Scope, readonly Who[]])[] = [
  ['cluster/own', owners],
  ['cluster/other', admins],
  ['set/prod', admins],
  ['all', admins],
];

const reads: readonly Row[] = [
  { ...get('getInfo', '/v1/info'), allowed: everybody },
  { ...get('getOpenApi', '/v1/openapi.json'), allowed: everybody },
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
    write(`put cluster ${id} by force`, 'putCluster', admins, { ...put, body: {}, query: { force: 'true' } }),
    write(`delete cluster ${id} by force`, 'deleteCluster', admins, {
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
  write(`delete in ${scope} by force`, 'deleteMapping', admins, {
    method: 'DELETE',
    path: `/v1/mappings/${idIn(scope)}`,
    query: { force: 'true' },
  }),
]);

const otherWrites: readonly Row[] = [
  write("register a new cluster of one's own", 'putCluster', admins, {
    method: 'PUT',
    path: '/v1/clusters/new',
    body: {},
  }),
  write('make a set', 'putSet', admins, { method: 'PUT', path: '/v1/sets/new', body: {} }),
  write('delete a set', 'deleteSet', admins, { method: 'DELETE', path: '/v1/sets/empty' }),
  write('deny', 'createDenial', admins, {
    method: 'POST',
    path: '/v1/denials',
    body: { ...denied, reason: 'x' },
  }),
  write('lift a denial', 'deleteDenial', admins, { method: 'DELETE', path: `/v1/denials/${deniedId}` }),
  write('bind a group', 'putGroupBinding', admins, {
    method: 'PUT',
    path: '/v1/group-bindings/new',
    body: binding,
  }),
  write('delete a binding', 'deleteGroupBinding', admins, { method: 'DELETE', path: '/v1/group-bindings/g' }),
  write('run the sync', 'startGroupSync', admins, { method: 'POST', path: '/v1/group-sync/runs' }),
  write('apply', 'apply', admins, {
    method: 'POST',
    path: '/v1/apply',
    body: { fingerprint: `sha256:${'0'.repeat(64)}`, state: {} },
  }),
];

const rows = [
  ...reads,
  ...clusterWrites('own', owners),
  ...clusterWrites('other', admins),
  ...mappingWrites,
  ...otherWrites,
];

let world: AdminWorld;
let change: string;
let token: string;
let runId: string;
beforeAll(async () => {
  world = await createAdminWorld();
  for (const set of ['prod', 'empty'])
    await must(world, { method: 'PUT', path: `/v1/sets/${set}`, body: {} });
  for (const id of ['own', 'other'])
    await must(world, { method: 'PUT', path: `/v1/clusters/${id}`, body: {} });
  for (const [scope] of scopes) {
    await must(world, { method: 'POST', path: '/v1/mappings', body: { ...mapped, scope } });
  }
  await must(world, { method: 'POST', path: '/v1/denials', body: denied });
  await must(world, { method: 'PUT', path: '/v1/group-bindings/g', body: binding });
  token = (await must(world, { method: 'POST', path: '/v1/clusters/own/webhook-tokens' })).id;
  runId = (await must(world, { method: 'POST', path: '/v1/group-sync/runs' })).id;
  const target = `mapping/${idIn('cluster/own')}`;
  change = (await must(world, { method: 'GET', path: '/v1/changes', query: { target } })).items[0].id;
});
afterAll(async () => {
  await world.close();
});

/** Ids that only the table knows. */
const late = (): readonly Row[] => [
  get('getChange', `/v1/changes/${change}`),
  get('getGroupSyncRun', `/v1/group-sync/runs/${runId}`),
  write("roll back in one's own scope", 'rollbackChange', admins, {
    method: 'POST',
    path: `/v1/changes/${change}/rollback`,
  }),
  write('delete a webhook token', 'deleteWebhookToken', owners, {
    method: 'DELETE',
    path: `/v1/clusters/own/webhook-tokens/${token}`,
  }),
];

const snapshot = async (): Promise<AnyJson> =>
  Promise.all(
    ['/v1/clusters', '/v1/sets', '/v1/mappings', '/v1/denials', '/v1/group-bindings', '/v1/changes'].map(
      async (path) => (await world.ask({ method: 'GET', path, query: { limit: '200' } })).body,
    ),
  );

/** `allowed`, or the code of the refusal. */
const verdict = async (row: Row, who: Who): Promise<string> => {
  const answer = await world.ask({ ...row.asked, caller: callers[who] });
  return answer.status < 300 ? 'allowed' : String(answer.body.code);
};
const expected = (row: Row, who: Who): string => (row.allowed.includes(who) ? 'allowed' : 'forbidden');

describe('route × role × scope', () => {
  test.each(rows.flatMap((row) => roles.map((who) => [`${who}: ${row.name}`, row, who] as const)))(
    '%s',
    async (_name, row, who) => {
      expect(await verdict(row, who)).toBe(expected(row, who));
    },
  );

  test('changes, runs and tokens that only the table knows', async () => {
    for (const row of late()) {
      for (const who of roles)
        expect(await verdict(row, who), `${who}: ${row.name}`).toBe(expected(row, who));
    }
  });

  test('every route is in the matrix', () => {
    const covered = new Set([...rows, ...late()].map(({ operation }) => operation));
    expect(adminRoutes.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });
});

describe('the resolved change, not the route', () => {
  test('a mapping cannot be moved into a scope, nor out of one', async () => {
    const move = (from: Scope, to: Scope): Asked => ({
      method: 'PUT',
      path: `/v1/mappings/${idIn(from)}`,
      body: { ...mapped, scope: to },
      caller: callers.operator,
    });
    for (const asked of [
      move('cluster/own', 'cluster/other'),
      move('cluster/other', 'cluster/own'),
      move('cluster/own', 'all'),
    ]) {
      expect(await world.ask(asked)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await world.ask({ ...move('cluster/own', 'cluster/other'), caller: callers.admin })).toMatchObject(
      { status: 400 },
    );
  });

  test('a cluster that is in a set cannot be deleted by its operator, to be made anew outside of it', async () => {
    const path = '/v1/clusters/own';
    await must(world, { method: 'PUT', path, body: { sets: ['prod'] } });
    expect(await world.ask({ method: 'DELETE', path, caller: callers.operator })).toMatchObject({
      status: 403,
    });
    expect(await world.ask({ method: 'PUT', path, body: {}, caller: callers.operator })).toMatchObject({
      status: 403,
    });
    await must(world, { method: 'PUT', path, body: {} });
  });

  test('a refusal leaves everything as it was', async () => {
    const before = await snapshot();
    for (const row of [...rows, ...late()].filter(({ asked }) => asked.method !== 'GET')) {
      for (const caller of [callers.auditor, callers.stranger]) {
        await world.ask({
          ...row.asked,
          query: row.operation === 'plan' || row.operation === 'explain' ? {} : { force: 'true' },
          caller,
        });
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  test('a dry run leaves everything as it was', async () => {
    const before = await snapshot();
    for (const row of [...rows, ...late()].filter(({ operation }) => operation !== 'startGroupSync'))
      await world.ask(row.asked);
    expect(await snapshot()).toEqual(before);
  });
});

describe('without COUNTERSIGN_ADMINS', () => {
  test('nobody may change anything, and the answer says which setting is missing', async () => {
    const open = await createAdminWorld({ admins: undefined });
    try {
      for (const route of adminRoutes.filter(({ who }) => who !== 'anyone')) {
        const path = route.path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await open.ask({ method: route.method, path });
        expect(answer, route.id).toMatchObject({ status: 403, body: { code: 'admins_not_configured' } });
        expect(answer.body.detail).toContain('COUNTERSIGN_ADMINS');
      }
      expect((await open.ask({ method: 'GET', path: '/v1/info' })).body).toMatchObject({ role: 'none' });
    } finally {
      await open.close();
    }
  });
});
