import { describe, expect, test } from 'vitest';
import { callerError } from '../../../lib/errors.ts';
import { clusterRoute, errorHeaders } from '../../../lib/http/cluster-route.ts';
import { maxBodyBytes } from '../../../lib/http/message.ts';

const routeOf = (method: string, path: string, bytes = 0) =>
  clusterRoute(
    {
      method,
      path,
      body: new Uint8Array(bytes),
    },
    'whoami',
  );

describe('clusterRoute', () => {
  test('the cluster id is percent-decoded once', () => {
    expect(routeOf('POST', '/v1/clusters/a%2Db/whoami')).toEqual({ kind: 'cluster', clusterId: 'a-b' });
    expect(routeOf('POST', '/v1/clusters/a%252Db/whoami')).toEqual({ kind: 'cluster', clusterId: 'a%2Db' });
  });

  test.each(['GET', 'HEAD'])('%s /healthz is the health check', (method) => {
    expect(routeOf(method, '/healthz')).toEqual({ kind: 'health' });
  });

  test.each([
    ['POST', '/v1/clusters/a/tokenreviews', 'not_found'],
    ['POST', '/v1/clusters/a/whoami/', 'not_found'],
    ['POST', '/v2/clusters/a/whoami', 'not_found'],
    ['POST', '/v1/clusters/%zz/whoami', 'not_found'],
    ['POST', '', 'not_found'],
    ['GET', '/healthz/x', 'not_found'],
    ['GET', '/v1/clusters/a/whoami', 'method_not_allowed'],
    ['POST', '/healthz', 'method_not_allowed'],
  ])('%s %s is refused with %s', (method, path, code) => {
    expect(routeOf(method, path)).toMatchObject({ kind: 'refused', error: { code } });
  });

  test('a body of the limit is accepted, and one byte more is refused', () => {
    const path = '/v1/clusters/a/whoami';
    expect(routeOf('POST', path, maxBodyBytes)).toMatchObject({ kind: 'cluster' });
    expect(routeOf('POST', path, maxBodyBytes + 1)).toMatchObject({ error: { code: 'too_large' } });
  });
});

describe('errorHeaders', () => {
  test('HTTP demands a header with 401 and 405, and none with other errors', () => {
    expect(errorHeaders(callerError('unauthorized', {}))).toEqual({ 'www-authenticate': 'Bearer' });
    expect(errorHeaders(callerError('method_not_allowed', { allowed: 'POST' }))).toEqual({ allow: 'POST' });
    expect(errorHeaders(callerError('not_found', {}))).toEqual({});
  });
});
