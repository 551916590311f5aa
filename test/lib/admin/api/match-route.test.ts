import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../../lib/admin/api/match-route.ts';
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
