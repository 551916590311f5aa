/** Every route of the admin API over HTTP, against `countersign dev` as a user starts it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { mappingId } from '../../lib/records/mapping.ts';
import type { AnyJson } from '../fixtures/admin-fixture.ts';
import { requireConforms } from '../fixtures/openapi-conformance.ts';
import { startReady } from './dev-process.ts';
import type { Ready } from './dev-process.ts';

let dev: Ready;
beforeAll(async () => {
  dev = await startReady();
});
afterAll(async () => {
  await dev.end();
});

const called = new Set<string>();

/** Asks, holds the answer to the OpenAPI document, and remembers which route that was. */
async function ask(
  operation: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; etag: string | null; body: AnyJson }> {
  const route = adminRoutes.find(({ id }) => id === operation)!;
  called.add(operation);
  const response = await fetch(`${dev.url}${path}`, {
    method: route.method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : (JSON.parse(text) as AnyJson);
  const type = response.headers.get('content-type') ?? undefined;
  requireConforms({ method: route.method, path: path.split('?', 1)[0]! }, response.status, type, answer);
  return { status: response.status, etag: response.headers.get('etag'), body: answer };
}

const user = { arn: 'arn:aws:iam::111122223333:user/e2e' };
const id = mappingId({ scope: 'set/e2e', principalKey: user.arn, owner: 'manual' });

test('each route answers as the OpenAPI document says', async () => {
  expect(await ask('getInfo', '/v1/info')).toMatchObject({ status: 200, body: { role: 'admin' } });
  expect((await ask('getOpenApi', '/v1/openapi.json')).body.openapi).toBe('3.1.0');
  expect(await ask('putSet', '/v1/sets/e2e', {})).toMatchObject({ status: 201, etag: '"1"' });
  expect((await ask('getSet', '/v1/sets/e2e')).body).toMatchObject({ createdBy: 'dev' });
  expect((await ask('listSets', '/v1/sets')).body.items).toContainEqual(
    expect.objectContaining({ name: 'e2e' }),
  );
  expect(await ask('putCluster', '/v1/clusters/e2e', { sets: ['e2e'] })).toMatchObject({ status: 201 });
  expect((await ask('getCluster', '/v1/clusters/e2e')).body).toMatchObject({ sets: ['e2e'] });
  expect((await ask('listClusters', '/v1/clusters?limit=2')).body).toMatchObject({
    items: { length: 2 },
    cursor: expect.any(String),
  });
  const token = await ask('createWebhookToken', '/v1/clusters/e2e/webhook-tokens');
  expect(token.status).toBe(201);
  expect((await ask('listWebhookTokens', '/v1/clusters/e2e/webhook-tokens')).body.items).toHaveLength(1);
  expect(
    await ask('createMapping', '/v1/mappings', {
      scope: 'set/e2e',
      principal: user,
      username: 'e2e',
      groups: ['system:masters'],
    }),
  ).toMatchObject({ status: 201, body: { id } });
  expect(
    await ask('putMapping', `/v1/mappings/${id}`, { username: 'root', groups: ['system:masters'] }),
  ).toMatchObject({ status: 200, etag: '"2"' });
  expect((await ask('getMapping', `/v1/mappings/${id}`)).body).toMatchObject({ username: 'root' });
  expect((await ask('listMappings', '/v1/mappings?scope=set/e2e')).body.items).toHaveLength(1);
  expect((await ask('explain', '/v1/explain', { clusterId: 'e2e', arn: user.arn })).body).toMatchObject({
    username: 'root',
  });
  expect((await ask('getAccess', '/v1/access?clusterId=e2e&limit=200')).body.items).toContainEqual(
    expect.objectContaining({ username: 'root' }),
  );
  const denial = await ask('createDenial', '/v1/denials', {
    accessKeyId: 'AKIAEXAMPLEEXAMPLE01',
    reason: 'leaked',
  });
  expect(denial.status).toBe(201);
  expect((await ask('getDenial', `/v1/denials/${denial.body.id}`)).body).toMatchObject({ reason: 'leaked' });
  expect((await ask('listDenials', '/v1/denials')).status).toBe(200);
  expect((await ask('deleteDenial', `/v1/denials/${denial.body.id}`)).status).toBe(204);
  const group = { iamGroup: 'arn:aws:iam::111122223333:group/E2E', scope: 'set/e2e', groups: ['e2e'] };
  expect((await ask('putGroupBinding', '/v1/group-bindings/e2e', group)).status).toBe(201);
  expect((await ask('getGroupBinding', '/v1/group-bindings/e2e')).status).toBe(200);
  expect((await ask('listGroupBindings', '/v1/group-bindings')).status).toBe(200);
  const run = await ask('startGroupSync', '/v1/group-sync/runs', { dryRun: true, bindings: ['e2e'] });
  expect(run.status).toBe(202);
  expect((await ask('getGroupSyncRun', `/v1/group-sync/runs/${run.body.id}`)).body).toMatchObject({
    dryRun: true,
  });
  expect((await ask('listGroupSyncRuns', '/v1/group-sync/runs')).body.items).toHaveLength(1);
  expect((await ask('deleteGroupBinding', '/v1/group-bindings/e2e')).status).toBe(204);
  const state = {
    managed: { scopes: ['set/e2e'] },
    mappings: [{ scope: 'set/e2e', principal: user, username: 'planned', groups: ['system:masters'] }],
  };
  const { fingerprint, updates } = (await ask('plan', '/v1/plan', state)).body;
  expect(updates).toMatchObject([{ before: { username: 'root' }, after: { username: 'planned' } }]);
  expect((await ask('apply', '/v1/apply', { fingerprint, state })).body).toMatchObject({
    applied: { length: 1 },
    pending: 0,
  });
  const [change] = (await ask('listChanges', `/v1/changes?target=mapping/${id}`)).body.items;
  expect((await ask('getChange', `/v1/changes/${change.id}`)).body).toMatchObject({
    fate: 'applied',
    actor: 'dev',
  });
  expect((await ask('rollbackChange', `/v1/changes/${change.id}/rollback`)).body).toMatchObject({
    username: 'root',
  });
  expect((await ask('deleteWebhookToken', `/v1/clusters/e2e/webhook-tokens/${token.body.id}`)).status).toBe(
    204,
  );
  expect((await ask('deleteMapping', `/v1/mappings/${id}?force=true`)).status).toBe(204);
  expect((await ask('deleteCluster', '/v1/clusters/e2e')).status).toBe(204);
  expect((await ask('deleteSet', '/v1/sets/e2e')).status).toBe(204);
  expect(adminRoutes.map((route) => route.id).filter((one) => !called.has(one))).toEqual([]);
});
