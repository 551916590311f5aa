/** Requests that are malformed, and what every request leaves in the log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminBodyBytes } from '../../lib/admin/limits.ts';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked } from '../fixtures/admin-fixture.ts';

describe('the admin API', () => {
  let fixture: AdminFixture;
  beforeAll(async () => {
    fixture = await createAdminFixture();
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/own', body: {} });
  });
  afterAll(async () => {
    await fixture.close();
  });
  const put = { method: 'PUT', path: '/v1/clusters/own', body: { description: 'x' } };

  test.each<[string, Asked, number, string]>([
    ['an unknown path', { method: 'GET', path: '/v1/nothing' }, 404, 'not_found'],
    ['a trailing slash', { method: 'GET', path: '/v1/clusters/' }, 404, 'not_found'],
    ['an invalid percent code', { method: 'GET', path: '/v1/clusters/%ff' }, 404, 'not_found'],
    [
      'a method that the path does not have',
      { method: 'PATCH', path: '/v1/clusters/own' },
      405,
      'method_not_allowed',
    ],
    ['no caller', { ...put, caller: null }, 401, 'unauthenticated'],
    ['a body of 5.5 MB and one byte', { ...put, body: ' '.repeat(adminBodyBytes + 1) }, 413, 'too_large'],
    ['a body that is not JSON', { ...put, body: '{' }, 400, 'invalid_input'],
    [
      'a body of another media type',
      { ...put, headers: { 'Content-Type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['a misspelled dryRun parameter', { ...put, query: { dryrun: 'true' } }, 400, 'invalid_input'],
    ['the parameter dryRun=yes', { ...put, query: { dryRun: 'yes' } }, 400, 'invalid_input'],
    ['a weak ETag in If-Match', { ...put, headers: { 'If-Match': 'W/"1"' } }, 400, 'invalid_input'],
    [
      'a body on a route without one',
      { method: 'DELETE', path: '/v1/clusters/own', body: { force: true } },
      400,
      'invalid_input',
    ],
    [
      'the parameter limit=0',
      { method: 'GET', path: '/v1/clusters', query: { limit: '0' } },
      400,
      'invalid_input',
    ],
    [
      'the parameter limit=201',
      { method: 'GET', path: '/v1/clusters', query: { limit: '201' } },
      400,
      'invalid_input',
    ],
    [
      'the cursor of another list',
      { method: 'GET', path: '/v1/clusters', query: { cursor: 'abc' } },
      400,
      'invalid_input',
    ],
    ['the id of no mapping', { method: 'GET', path: '/v1/mappings/abc' }, 404, 'not_found'],
    [
      'If-Match for a record that does not exist',
      { ...put, path: '/v1/clusters/new', headers: { 'If-Match': '*' } },
      412,
      'version_mismatch',
    ],
  ])('refuses a request with %s', async (_name, asked, status, code) => {
    expect(await fixture.ask(asked)).toMatchObject({ status, body: { status, code } });
  });

  test('refuses a body with a name twice, and names it with its path', async () => {
    const body =
      '{"scope":"all","principal":{"accountId":"111122223333"},"username":"a","groups":["viewers"],"groups":["system:masters"]}';
    expect(await fixture.ask({ method: 'POST', path: '/v1/mappings', body })).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_input',
        errors: [{ path: 'groups', message: 'groups is written twice: keep one of the two.' }],
      },
    });
  });

  test.each([
    ['PUT', '/v1/clusters/twice', '{"description":"a","description":"b"}'],
    ['PUT', '/v1/sets/twice', '{"name":"twice","name":"twice"}'],
    ['POST', '/v1/denials', '{"reason":"a","accessKeyId":"AKIAALICE00000000001","reason":"b"}'],
    ['PUT', '/v1/group-bindings/twice', '{"groups":["a"],"groups":["b"]}'],
    ['POST', '/v1/group-sync/runs', '{"dryRun":true,"dryRun":false}'],
    ['POST', '/v1/explain', '{"clusterId":"own","clusterId":"other"}'],
    ['POST', '/v1/plan', '{"sets":[],"sets":[{"name":"a"}]}'],
    ['POST', '/v1/apply', '{"state":{"sets":[],"sets":[]}}'],
  ])('refuses a name that a body has twice: %s %s', async (method, path, body) => {
    const answer = await fixture.ask({ method, path, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(answer.body.errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/is written twice/) }),
    ]);
  });

  test('answers a plan of 5,000 bad mappings by 100 errors and the number of the rest, in a small body', async () => {
    const mappings = Array.from({ length: 5000 }, () => ({}));
    const answer = await fixture.ask({
      method: 'POST',
      path: '/v1/plan',
      body: { mappings },
      caller: callers.auditor,
    });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toBe(
      '20000 things are wrong with the input. The first 100 are listed, and 19900 more are not.',
    );
    expect(answer.body.errors).toHaveLength(100);
    expect(JSON.stringify(answer.body).length).toBeLessThan(20_000);
  });

  test.each(['sets', 'clusters', 'mappings', 'denials', 'bindings'])(
    'answers a plan of more than 20,000 %s without a look at them',
    async (list) => {
      const body = `{"${list}":[${'{},'.repeat(20_000)}{}]}`;
      const message = `${list} must be a list of 20000 at most, and has 20001 items.`;
      expect(await fixture.ask({ method: 'POST', path: '/v1/plan', body })).toMatchObject({
        status: 400,
        body: { detail: 'One thing is wrong with the input.', errors: [{ path: list, message }] },
      });
    },
  );

  test('lists the allowed methods in its answer to a wrong method', async () => {
    const answer = await fixture.ask({ method: 'PATCH', path: '/v1/clusters/own' });
    expect(answer.headers['allow']).toBe('GET, PUT, DELETE');
  });

  test('never takes the actor from a header', async () => {
    const headers = { 'x-amzn-iam-user-arn': callers.admin, authorization: 'Bearer x' };
    expect(await fixture.ask({ ...put, headers, caller: null })).toMatchObject({ status: 401 });
  });

  test('treats an encoded slash in a name as a part of the name', async () => {
    const answer = await fixture.ask({ method: 'GET', path: '/v1/clusters/a%2Fwebhook-tokens' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'clusterId' }] } });
  });

  test.each([
    ['/v1/sets/Bad_', 'name'],
    ['/v1/clusters/__proto__', 'clusterId'],
    ['/v1/group-bindings/-bad', 'bindingId'],
  ])('a PUT names the malformed name in its path %s', async (path, parameter) => {
    const { body } = await fixture.ask({ method: 'PUT', path, body: { nonsense: true } });
    const paths = body.errors.map((error: AnyJson) => error.path);
    expect(paths).toEqual(expect.arrayContaining([parameter, 'nonsense']));
  });

  test('logs one line for each request: the caller, the operation and the outcome', async () => {
    await fixture.ask(put);
    expect(fixture.log.at(-1)).toEqual({
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
