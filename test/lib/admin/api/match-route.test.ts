import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../../lib/admin/api/match-route.ts';
import { adminRoutes } from '../../../../lib/admin/api/routes.ts';
import { requestOfEvent } from '../../../../lib/http/lambda-event.ts';
import type { Method, Route } from '../../../../lib/admin/api/route.ts';

const route = (method: Method, path: string): Route => ({ id: `${method} ${path}`, method, path }) as Route;
const routes = [
  route('GET', '/v1/sets'),
  route('GET', '/v1/sets/{name}'),
  route('PUT', '/v1/sets/{name}'),
  route('GET', '/v1/clusters/{clusterId}/webhook-tokens/{tokenId}'),
];
const match = (method: string, path: string) => matchRoute(routes, { method, path });

describe('matchRoute', () => {
  test.each([
    ['GET', '/v1/sets', 'GET /v1/sets', {}],
    ['PUT', '/v1/sets/prod', 'PUT /v1/sets/{name}', { name: 'prod' }],
    ['GET', '/v1/sets/a%20b', 'GET /v1/sets/{name}', { name: 'a b' }],
    ['GET', '/v1/sets/a%2Fb', 'GET /v1/sets/{name}', { name: 'a/b' }],
    [
      'GET',
      '/v1/clusters/one/webhook-tokens/t1',
      'GET /v1/clusters/{clusterId}/webhook-tokens/{tokenId}',
      { clusterId: 'one', tokenId: 't1' },
    ],
  ])('sends %s %s to %s with decoded variables', (method, path, id, params) => {
    expect(match(method, path)).toMatchObject({ ok: true, value: { route: { id }, params } });
  });

  test.each([
    ['/v1', 'too few segments'],
    ['/v1/sets/prod/more', 'too many segments'],
    ['/v1/Sets', 'another letter case'],
    ['/v1/sets/', 'an empty variable'],
    ['/v1/clusters/one/webhook-tokens/', 'an empty last variable'],
    ['/v1/sets/%zz', 'an invalid percent code'],
    ['/v1/sets%2Fprod', 'an encoded slash in place of a separator'],
  ])('answers not_found to %s: %s', (path) => {
    expect(match('GET', path)).toMatchObject({ ok: false, failure: { problem: { code: 'not_found' } } });
  });

  test('answers method_not_allowed with the methods of the path', () => {
    expect(match('DELETE', '/v1/sets/prod')).toMatchObject({
      ok: false,
      failure: { problem: { code: 'method_not_allowed' }, allow: ['GET', 'PUT'] },
    });
  });
});

const denial = 'RENFTklBTA';
const fake = `x/v1/denials/${denial}`;

describe('a request of a REST API goes to the route that IAM has judged', () => {
  const resource = '/v1/clusters/{clusterId}';
  test.each<[string, { resource?: string; path: string; pathParameters?: object | null }, string, object]>([
    [
      'with the slash encoded in path and parameter',
      {
        path: `/v1/clusters/${encodeURIComponent(fake)}`,
        pathParameters: { clusterId: encodeURIComponent(fake) },
      },
      'deleteCluster',
      { clusterId: fake },
    ],
    [
      'with the slash decoded in the parameter',
      { path: `/v1/clusters/${encodeURIComponent(fake)}`, pathParameters: { clusterId: fake } },
      'deleteCluster',
      { clusterId: fake },
    ],
    [
      'with the slash decoded in the path',
      { path: `/v1/clusters/${fake}`, pathParameters: { clusterId: fake } },
      'deleteCluster',
      { clusterId: fake },
    ],
    [
      'with the slash decoded in the path only',
      { path: `/v1/clusters/${fake}`, pathParameters: { clusterId: encodeURIComponent(fake) } },
      'deleteCluster',
      { clusterId: encodeURIComponent(fake) },
    ],
    [
      'behind a base path',
      { path: '/base/v1/clusters/demo', pathParameters: { clusterId: 'demo' } },
      'deleteCluster',
      { clusterId: 'demo' },
    ],
    [
      'behind a base path, with the slash decoded in the path',
      { path: `/base/v1/clusters/${fake}`, pathParameters: { clusterId: fake } },
      'deleteCluster',
      { clusterId: fake },
    ],
    [
      'with a parameter that has no encoding',
      { path: '/v1/clusters/x', pathParameters: { clusterId: '\ud800' } },
      'deleteCluster',
      { clusterId: '\ufffd' },
    ],
    [
      'with a path that is no valid encoding',
      { path: '/v1/clusters/%ff', pathParameters: { clusterId: 'demo' } },
      'deleteCluster',
      { clusterId: 'demo' },
    ],
    [
      'with an event that has no parameters',
      { path: '/v1/clusters/demo', pathParameters: null },
      'deleteCluster',
      { clusterId: 'demo' },
    ],
    [
      'with a catch-all resource',
      { resource: '/{proxy+}', path: '/v1/clusters/demo', pathParameters: { proxy: 'v1/clusters/demo' } },
      'deleteCluster',
      { clusterId: 'demo' },
    ],
    [
      'of the denial itself',
      {
        resource: '/v1/denials/{denialId}',
        path: `/v1/denials/${denial}`,
        pathParameters: { denialId: denial },
      },
      'deleteDenial',
      { denialId: denial },
    ],
  ])('a DELETE goes to its resource %s', (_name, event, id, params) => {
    const request = requestOfEvent({ resource, httpMethod: 'DELETE', ...event, requestContext: {} });
    expect(matchRoute(adminRoutes, request!)).toMatchObject({ ok: true, value: { route: { id }, params } });
  });
});
