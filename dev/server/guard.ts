/**
 * The admin API of `countersign dev` authenticates no caller, so a web page that a developer visits must not reach it.
 * Requests of browsers are refused by headers that a page cannot omit, or cannot send without a CORS preflight.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { isLoopbackHost } from '../../lib/net/loopback.ts';

interface Refusal {
  readonly status: 403 | 415;
  readonly code: string;
  readonly detail: string;
}

/** Why a request is refused; `undefined`: it is not. */
export function refusalOf({ headers }: Pick<IncomingMessage, 'headers'>): Refusal | undefined {
  if (headers.origin !== undefined) {
    return {
      status: 403,
      code: 'origin_refused',
      detail: 'Requests of web pages (with an Origin) are refused.',
    };
  }
  // DNS rebinding: a foreign name that resolves to loopback is refused.
  if (!isLoopbackHost(headers.host ?? '')) {
    return { status: 403, code: 'host_refused', detail: 'The Host must be localhost, 127.0.0.1 or [::1].' };
  }
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (hasBody && mediaType !== 'application/json') {
    return { status: 415, code: 'media_type_refused', detail: 'A body must be application/json.' };
  }
  return undefined;
}

/** Wraps a listener: it gets only the requests that are not refused. */
export const guarded =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) {
      listener(request, response);
      return;
    }
    const { status, ...body } = refusal;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  };
