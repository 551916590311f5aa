import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers, createAdminWorld, must } from '../fixtures/admin-world.ts';
import type { AdminWorld, AnyJson, Asked, EventShape } from '../fixtures/admin-world.ts';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { roleArn } from '../fixtures/records.ts';

/** Every route, in each shape in which AWS hands over a request. All answers are held to the OpenAPI document. */
describe.each<EventShape>(['rest', 'function-url'])('the admin API by events of %s', (shape) => {
  let world: AdminWorld;
  const used = new Set<string>();
  const ask = async (method: string, path: string, more: Omit<Asked, 'method' | 'path'> = {}) => {
    const answer = await world.ask({ method, path, ...more }, shape);
    used.add(world.log.at(-1)?.operation ?? '');
    return answer;
  };
  beforeAll(async () => {
    world = await createAdminWorld();
  });
  afterAll(async () => {
    await world.close();
  });

  test('info tells the deployment and the role', async () => {
    expect(await ask('GET', '/v1/info')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: {
        version: '1.2.3',
        region: 'eu-central-1',
        table: 'countersign',
        reviewEndpoint: 'https://reviews.example.com',
        role: 'admin',
      },
    });
    expect((await ask('GET', '/v1/info', { caller: callers.operator })).body).toMatchObject({
      role: 'operator',
      scopes: ['cluster/own'],
    });
    expect((await ask('GET', '/v1/info', { caller: callers.stranger })).body).toMatchObject({ role: 'none' });
  });

  test('the OpenAPI document', async () => {
    expect((await ask('GET', '/v1/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
  });

  test('sets: made, changed on condition, listed', async () => {
    expect(await ask('PUT', '/v1/sets/prod', { body: {} })).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: { name: 'prod', version: 1, createdBy: callers.admin },
    });
    const body = { description: 'production' };
    expect(await ask('PUT', '/v1/sets/prod', { body, headers: { 'If-Match': '"7"' } })).toMatchObject({
      status: 412,
      body: { code: 'version_mismatch' },
    });
    expect(await ask('PUT', '/v1/sets/prod', { body, headers: { 'If-Match': '"1"' } })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { description: 'production', version: 2 },
    });
    expect(await ask('GET', '/v1/sets/prod')).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect((await ask('GET', '/v1/sets')).body.items).toHaveLength(1);
  });

  test('the same again changes nothing, and leaves no change in the log', async () => {
    const body = { description: 'production' };
    expect((await ask('PUT', '/v1/sets/prod', { body })).body).toMatchObject({ version: 2 });
    expect((await ask('GET', '/v1/changes', { query: { target: 'set/prod' } })).body.items).toHaveLength(2);
  });

  test('clusters: with defaults, by the id of the path', async () => {
    expect(await ask('PUT', '/v1/clusters/own', { body: { sets: ['prod'] } })).toMatchObject({
      status: 201,
      body: { id: 'own', partition: 'aws', sets: ['prod'], adminGroups: ['system:masters'], version: 1 },
    });
    expect(await ask('PUT', '/v1/clusters/own', { body: { id: 'other' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'id' }] },
    });
    expect(await ask('PUT', '/v1/clusters/own', { body: { sets: ['prod', 'nowhere'] } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'sets[0]', message: expect.stringContaining('nowhere') }] },
    });
    expect(await ask('GET', '/v1/clusters/own')).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(await ask('GET', '/v1/clusters/none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await ask('GET', '/v1/clusters')).body.items).toMatchObject([{ id: 'own' }]);
  });

  test('webhook tokens: shown once, stored as a hash, several live, in no change record', async () => {
    const path = '/v1/clusters/own/webhook-tokens';
    const made = await ask('POST', path);
    expect(made).toMatchObject({ status: 201, body: { token: expect.stringMatching(/^cswt_[\w-]{43}$/) } });
    await ask('POST', path);
    const listed = (await ask('GET', path)).body;
    expect(listed.items).toHaveLength(2);
    expect(JSON.stringify(listed)).not.toContain(made.body.token);
    expect(await ask('DELETE', `${path}/${made.body.id}`, { query: { dryRun: 'true' } })).toMatchObject({
      status: 200,
    });
    expect(await ask('DELETE', `${path}/${made.body.id}`)).toMatchObject({ status: 204, body: undefined });
    expect(await ask('DELETE', `${path}/${made.body.id}`)).toMatchObject({ status: 404 });
    expect((await ask('GET', path)).body.items).toHaveLength(1);
    const log = (await ask('GET', '/v1/changes')).body;
    expect(JSON.stringify(log)).not.toMatch(/sha256:|cswt_/);
    expect(await ask('POST', '/v1/clusters/none/webhook-tokens')).toMatchObject({ status: 404 });
  });

  const admin = {
    scope: 'set/prod',
    principal: { arn: roleArn('x/Admin') },
    username: 'admin',
    groups: ['system:masters'],
  };
  let mapping: AnyJson;

  test('mappings: dry run, made, duplicate, changed, listed three ways', async () => {
    expect(await ask('POST', '/v1/mappings', { body: admin, query: { dryRun: 'true' } })).toMatchObject({
      status: 200,
      body: { dryRun: true, action: 'create', after: { username: 'admin' } },
    });
    expect((await ask('GET', '/v1/mappings')).body.items).toEqual([]);
    const made = await ask('POST', '/v1/mappings', { body: admin });
    mapping = made.body;
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: {
        owner: 'manual',
        version: 1,
        principal: { arn: roleArn('x/Admin') },
        principalKey: roleArn('admin'),
      },
    });
    expect(made.body.warnings).toEqual([
      expect.stringContaining('STS does not report role paths'),
      expect.stringContaining('is not pinned'),
    ]);
    const twin = { ...admin, principal: { arn: roleArn('y/ADMIN') } };
    expect(await ask('POST', '/v1/mappings', { body: twin })).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    });

    const path = `/v1/mappings/${mapping.id}`;
    const changed = await ask('PUT', path, { body: { username: 'root', groups: ['system:masters', 'a'] } });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, username: 'root', principal: { arn: roleArn('x/Admin') } },
    });
    for (const moved of [{ scope: 'all' }, { principal: { arn: roleArn('Other') } }]) {
      expect(await ask('PUT', path, { body: { ...admin, ...moved } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: Object.keys(moved)[0] }] },
      });
    }
    expect((await ask('GET', path)).body).toMatchObject({ version: 2 });
    for (const query of [
      {},
      { scope: 'set/prod' },
      { principal: roleArn('admin') },
      { principal: roleArn('z/Admin'), scope: 'set/prod' },
    ]) {
      expect((await ask('GET', '/v1/mappings', { query })).body.items, JSON.stringify(query)).toMatchObject([
        { id: mapping.id },
      ]);
    }
    expect((await ask('GET', '/v1/mappings', { query: { scope: 'all' } })).body.items).toEqual([]);
  });

  test('a mapping into a scope that is not there is refused', async () => {
    for (const scope of ['cluster/nowhere', 'set/nowhere']) {
      expect(await ask('POST', '/v1/mappings', { body: { ...admin, scope } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'scope' }] },
      });
    }
  });

  test('every problem of a body is told at once', async () => {
    const body = {
      scope: 'x',
      principal: {},
      username: '{{SessionName}}',
      groups: ['system:authenticated'],
      color: 'red',
    };
    const answer = await ask('POST', '/v1/mappings', { body });
    expect(answer.body.errors.map(({ path }: AnyJson) => path).toSorted()).toEqual([
      'color',
      'groups[0]',
      'principal',
      'scope',
      'username',
    ]);
  });

  test('denials: replaced by a POST on the same subject', async () => {
    const body = { principal: { arn: 'arn:aws:iam::111122223333:user/bob' }, reason: 'left' };
    const made = await ask('POST', '/v1/denials', { body });
    expect(made).toMatchObject({ status: 201, body: { warnings: [expect.stringContaining('roles')] } });
    expect(await ask('POST', '/v1/denials', { body: { ...body, reason: 'left for good' } })).toMatchObject({
      status: 200,
      body: { id: made.body.id, version: 2, reason: 'left for good' },
    });
    const path = `/v1/denials/${made.body.id}`;
    expect((await ask('GET', path)).body).toMatchObject({ version: 2 });
    expect((await ask('GET', '/v1/denials')).body.items).toHaveLength(1);
    expect(await ask('DELETE', path)).toMatchObject({ status: 204 });
    expect(await ask('GET', path)).toMatchObject({ status: 404 });
  });

  test('group bindings', async () => {
    const body = {
      iamGroup: 'arn:aws:iam::111122223333:group/Developers',
      scope: 'set/prod',
      groups: ['developers'],
    };
    const path = '/v1/group-bindings/developers';
    expect(await ask('PUT', path, { body })).toMatchObject({
      status: 201,
      body: { id: 'developers', username: 'aws:{{AccountID}}:{{UserName}}', version: 1 },
    });
    expect((await ask('GET', path)).body).toMatchObject({ version: 1 });
    expect((await ask('GET', '/v1/group-bindings')).body.items).toHaveLength(1);
    expect(await ask('DELETE', path, { headers: { 'If-Match': '"2"' } })).toMatchObject({ status: 412 });
    expect(await ask('DELETE', path, { headers: { 'If-Match': '"1"' } })).toMatchObject({ status: 204 });
    expect(await ask('PUT', path, { body })).toMatchObject({ status: 201, body: { version: 3 } });
  });

  test('sync runs: recorded, then started', async () => {
    const path = '/v1/group-sync/runs';
    expect(await ask('POST', path, { body: { bindings: ['nowhere'] } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'bindings[0]' }] },
    });
    const made = await ask('POST', path, { body: { dryRun: true, bindings: ['developers'] } });
    expect(made).toMatchObject({ status: 202 });
    expect(world.syncs.at(-1)).toEqual({
      runId: made.body.id,
      requestedBy: callers.admin,
      dryRun: true,
      only: ['developers'],
      force: false,
    });
    expect((await ask('GET', `${path}/${made.body.id}`)).body).toMatchObject({
      state: 'running',
      dryRun: true,
    });
    expect((await ask('GET', path)).body.items).toHaveLength(1);
    expect(await ask('GET', `${path}/01ARZ3NDEKTSV4RRFFQ69G5FAV`)).toMatchObject({ status: 404 });
    expect(await ask('POST', path)).toMatchObject({ status: 202 });
  });

  test('explain and access give what a review would', async () => {
    const body = { clusterId: 'own', arn: 'arn:aws:sts::111122223333:assumed-role/Admin/bob' };
    expect((await ask('POST', '/v1/explain', { body })).body).toMatchObject({
      outcome: 'verified',
      username: 'root',
      groups: ['a', 'system:masters'],
      namedBy: mapping.id,
      entries: [{ live: true, mappingId: mapping.id }],
    });
    const rows = [
      { clusterId: 'own', username: 'root', grantedBy: [{ mappingId: mapping.id, by: callers.admin }] },
    ];
    expect((await ask('GET', '/v1/access', { query: { clusterId: 'own' } })).body.items).toMatchObject(rows);
    expect(
      (await ask('GET', '/v1/access', { query: { principal: roleArn('x/Admin') } })).body.items,
    ).toMatchObject(rows);
    expect(await ask('GET', '/v1/access')).toMatchObject({ status: 400 });
    expect(await ask('GET', '/v1/access', { query: { clusterId: 'nowhere' } })).toMatchObject({
      status: 404,
    });
  });

  test('plan and apply', async () => {
    const state = { denials: [{ accessKeyId: 'AKIAEXAMPLEEXAMPLE01', reason: 'leaked' }] };
    const plan = (await ask('POST', '/v1/plan', { body: state })).body;
    expect(plan).toMatchObject({ creates: [{ kind: 'denial' }], updates: [], deletes: [], unchanged: 0 });
    const { fingerprint } = plan;
    expect((await ask('POST', '/v1/apply', { body: { fingerprint, state } })).body).toMatchObject({
      applied: [plan.creates[0].target],
      failed: [],
      pending: 0,
    });
    expect(await ask('POST', '/v1/apply', { body: { fingerprint, state } })).toMatchObject({
      status: 409,
      body: { code: 'plan_moved' },
    });
    expect((await ask('POST', '/v1/plan', { body: state })).body).toMatchObject({
      creates: [],
      unchanged: 1,
    });
  });

  test('changes: shown with their fate, and taken back', async () => {
    const target = `mapping/${mapping.id}`;
    const { items } = (await ask('GET', '/v1/changes', { query: { target } })).body;
    expect(items).toMatchObject([
      {
        action: 'update',
        version: 2,
        fate: 'applied',
        actor: callers.admin,
        before: { username: 'admin' },
        after: { username: 'root' },
      },
      { action: 'create', version: 1, fate: 'applied' },
    ]);
    const [update, create] = items;
    expect((await ask('GET', `/v1/changes/${update.id}`)).body).toEqual(update);
    expect(await ask('POST', `/v1/changes/${create.id}/rollback`)).toMatchObject({
      status: 409,
      body: { code: 'target_changed' },
    });
    expect(
      await ask('POST', `/v1/changes/${update.id}/rollback`, { query: { dryRun: 'true' } }),
    ).toMatchObject({
      body: { dryRun: true, after: { username: 'admin' } },
    });
    expect(await ask('POST', `/v1/changes/${update.id}/rollback`)).toMatchObject({
      status: 200,
      body: { username: 'admin', version: 3 },
    });
    const log = (await ask('GET', '/v1/changes', { query: { target } })).body.items;
    expect(log[0]).toMatchObject({ rollbackOf: update.id, previous: update.id });
    expect((await ask('GET', '/v1/changes', { query: { actor: callers.operator } })).body.items).toEqual([]);
    expect(
      (await ask('GET', '/v1/changes', { query: { since: '2100-01-01T00:00:00Z' } })).body.items,
    ).toEqual([]);
    expect(await ask('GET', '/v1/changes/nothing')).toMatchObject({ status: 404 });
  });

  test('what others name is not deleted; deletes leave nothing behind', async () => {
    expect(await ask('DELETE', '/v1/sets/prod')).toMatchObject({ status: 409, body: { code: 'not_empty' } });
    expect(await ask('DELETE', '/v1/group-bindings/developers')).toMatchObject({ status: 204 });
    expect(await ask('DELETE', `/v1/mappings/${mapping.id}`)).toMatchObject({
      status: 409,
      body: { code: 'last_admin' },
    });
    expect(await ask('DELETE', `/v1/mappings/${mapping.id}`, { query: { force: 'true' } })).toMatchObject({
      status: 204,
    });
    expect(await ask('DELETE', '/v1/clusters/own')).toMatchObject({ status: 204 });
    expect(await ask('DELETE', '/v1/sets/prod')).toMatchObject({ status: 204 });
    for (const path of ['/v1/clusters', '/v1/sets', '/v1/mappings']) {
      expect((await ask('GET', path)).body, path).toEqual({ items: [] });
    }
  });

  test('no route was left out', () => {
    expect(adminRoutes.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });
});

describe('requests that are not right', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await createAdminWorld();
    await must(world, { method: 'PUT', path: '/v1/clusters/own', body: {} });
  });
  afterAll(async () => {
    await world.close();
  });
  const put = { method: 'PUT', path: '/v1/clusters/own', body: { description: 'x' } };

  test.each<[string, Asked, number, string]>([
    ['no such route', { method: 'GET', path: '/v1/nothing' }, 404, 'not_found'],
    ['a trailing slash', { method: 'GET', path: '/v1/clusters/' }, 404, 'not_found'],
    ['a broken escape', { method: 'GET', path: '/v1/clusters/%ff' }, 404, 'not_found'],
    ['another method', { method: 'PATCH', path: '/v1/clusters/own' }, 405, 'method_not_allowed'],
    ['nobody', { ...put, caller: null }, 401, 'unauthenticated'],
    ['no JSON', { ...put, body: '{' }, 400, 'invalid_input'],
    [
      'another media type',
      { ...put, headers: { 'Content-Type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'an unknown parameter: a dry run that is none',
      { ...put, query: { dryrun: 'true' } },
      400,
      'invalid_input',
    ],
    ['dryRun=yes', { ...put, query: { dryRun: 'yes' } }, 400, 'invalid_input'],
    ['a weak version', { ...put, headers: { 'If-Match': 'W/"1"' } }, 400, 'invalid_input'],
    [
      'a body where none is taken',
      { method: 'DELETE', path: '/v1/clusters/own', body: {} },
      400,
      'invalid_input',
    ],
    ['limit=0', { method: 'GET', path: '/v1/clusters', query: { limit: '0' } }, 400, 'invalid_input'],
    ['limit=201', { method: 'GET', path: '/v1/clusters', query: { limit: '201' } }, 400, 'invalid_input'],
    [
      'a cursor of another list',
      { method: 'GET', path: '/v1/clusters', query: { cursor: 'abc' } },
      400,
      'invalid_input',
    ],
    ['a mapping id of nothing', { method: 'GET', path: '/v1/mappings/abc' }, 404, 'not_found'],
    [
      'If-Match on what is not there',
      { ...put, path: '/v1/clusters/new', headers: { 'If-Match': '*' } },
      412,
      'version_mismatch',
    ],
  ])('%s', async (_name, asked, status, code) => {
    expect(await world.ask(asked)).toMatchObject({ status, body: { status, code } });
  });

  test('the answer to a wrong method says which are right', async () => {
    const answer = await world.ask({ method: 'PATCH', path: '/v1/clusters/own' });
    expect(answer.headers['allow']).toBe('GET, PUT, DELETE');
  });

  test('the actor is never taken from a header', async () => {
    const headers = { 'x-amzn-iam-user-arn': callers.admin, authorization: 'Bearer x' };
    expect(await world.ask({ ...put, headers, caller: null })).toMatchObject({ status: 401 });
  });

  test('a name with a slash is one segment', async () => {
    const answer = await world.ask({ method: 'GET', path: '/v1/clusters/a%2Fwebhook-tokens' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'clusterId' }] } });
  });

  test('each request leaves one line: who, what, and the outcome', async () => {
    await world.ask(put);
    expect(world.log.at(-1)).toEqual({
      actor: callers.admin,
      method: 'PUT',
      operation: 'putCluster',
      status: 200,
      code: undefined,
      duration: expect.any(Number),
      thrown: undefined,
    });
  });
});
