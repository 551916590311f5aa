/** The paths of the review functions: `/v1/clusters/{clusterId}/<action>`, and `/healthz`. */
import { callerError } from '../errors.ts';
import type { CallerError } from '../errors.ts';
import { bearerToken, maxBodyBytes, pathSegments } from './message.ts';
import type { HttpRequest, HttpResponse, RequestHead } from './message.ts';

export type Route =
  | { readonly kind: 'cluster'; readonly clusterId: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'refused'; readonly error: CallerError };

/** The route of a request, or what is wrong with its path, method or size. Nothing is looked up. */
export function clusterRoute(
  request: Pick<HttpRequest, 'method' | 'path' | 'body'>,
  action: 'tokenreviews' | 'whoami',
): Route {
  const [first, second, clusterId, last, ...rest] = pathSegments(request.path) ?? [];
  if (first === 'healthz' && second === undefined) {
    return request.method === 'GET' || request.method === 'HEAD' ? { kind: 'health' } : wrongMethod('GET');
  }
  const isOurs = first === 'v1' && second === 'clusters' && last === action && rest.length === 0;
  if (!isOurs || clusterId === undefined) return { kind: 'refused', error: callerError('not_found', {}) };
  if (request.method !== 'POST') return wrongMethod('POST');
  return request.body.length > maxBodyBytes
    ? { kind: 'refused', error: callerError('too_large', { limit: maxBodyBytes }) }
    : { kind: 'cluster', clusterId };
}

/**
 * Whether the answer depends on the body: that of a review with a webhook token, right or wrong. Every other request has the same answer
 * without its body, so a server need not wait for it.
 */
export const needsBody = ({ method, path, headers }: RequestHead): boolean =>
  bearerToken(headers) !== undefined &&
  clusterRoute({ method, path, body: Buffer.alloc(0) }, 'tokenreviews').kind === 'cluster';

const wrongMethod = (allowed: string): Route => ({
  kind: 'refused',
  error: callerError('method_not_allowed', { allowed }),
});

/** The function is alive. STS and DynamoDB are not checked: their outage must not fail a health check. */
export const healthy: HttpResponse = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'ok',
};

/** The headers that HTTP demands with the status of an error. */
export function errorHeaders(error: CallerError): Readonly<Record<string, string>> {
  if (error.code === 'method_not_allowed') return { allow: error.data.allowed };
  return error.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {};
}
