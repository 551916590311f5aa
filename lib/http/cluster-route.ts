/** The paths of the review functions: `/v1/clusters/{clusterId}/<action>`, and `/healthz`. */
import { callerError } from '../errors.ts';
import type { CallerError } from '../errors.ts';
import { maxBodyBytes, pathSegments } from './message.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

export type Route =
  | { readonly kind: 'cluster'; readonly clusterId: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'refused'; readonly error: CallerError };

/** What a request is for, or what is wrong with it before anything is looked up: path, method, size. */
export function clusterRoute(request: HttpRequest, action: 'tokenreviews' | 'whoami'): Route {
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

const wrongMethod = (allowed: string): Route => ({
  kind: 'refused',
  error: callerError('method_not_allowed', { allowed }),
});

/** Alive; says nothing of STS or DynamoDB, since a health check must not take a function out with them. */
export const healthy: HttpResponse = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'ok',
};

/** What HTTP itself wants with an error's status. */
export function errorHeaders(error: CallerError): Readonly<Record<string, string>> {
  if (error.code === 'method_not_allowed') return { allow: error.data.allowed };
  return error.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {};
}
