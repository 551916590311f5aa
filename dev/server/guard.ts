/**
 * The servers of `countersign dev` (the admin API, the table, the stand-ins for AWS) are open to every process of this machine, so a web page that
 * a developer visits must not reach them. Requests of browsers are refused by headers that a page cannot omit, or cannot
 * send without a CORS preflight, which is refused too.
 */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { isLoopbackHost } from '../../lib/net/loopback.ts';

interface Refusal {
  readonly status: 403 | 415;
  readonly code: string;
  readonly detail: string;
}

export interface GuardOptions {
  /** What a body may be, in lower case. Default: `application/json`. */
  readonly mediaTypes?: readonly string[];
  /** Hosts besides those of loopback. Default: none. */
  readonly isKnownHost?: (host: string) => boolean;
  /** An access key id that the `Authorization` must name: no page can know it. Default: any, or none. */
  readonly accessKeyId?: string | undefined;
}

/** Why a request is refused; `undefined`: it is not. */
export function refusalOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  options: GuardOptions = {},
): Refusal | undefined {
  const { mediaTypes = ['application/json'], isKnownHost = () => false, accessKeyId } = options;
  // Browsers send the second header with every request, the first one not with each GET.
  if (headers.origin !== undefined || /^(?:cross|same)-site$/.test(String(headers['sec-fetch-site']))) {
    return {
      status: 403,
      code: 'origin_refused',
      detail: 'Requests of web pages (with an Origin) are refused.',
    };
  }
  // DNS rebinding: a foreign name that resolves to loopback is refused.
  const host = headers.host ?? '';
  if (!isLoopbackHost(host) && !isKnownHost(host)) {
    return { status: 403, code: 'host_refused', detail: 'The Host must be localhost, 127.0.0.1 or [::1].' };
  }
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (hasBody && !mediaTypes.includes(mediaType)) {
    return { status: 415, code: 'media_type_refused', detail: `A body must be ${mediaTypes.join(' or ')}.` };
  }
  if (accessKeyId !== undefined && headers.authorization?.includes(` Credential=${accessKeyId}/`) !== true) {
    return { status: 403, code: 'credential_refused', detail: 'Only countersign dev itself has the key.' };
  }
  return undefined;
}

/** Wraps a listener: it gets only the requests that are not refused. */
export const guarded =
  (listener: RequestListener, options: GuardOptions = {}): RequestListener =>
  (request, response) => {
    const refusal = refusalOf(request, options);
    if (refusal === undefined) {
      listener(request, response);
      return;
    }
    const { status, ...body } = refusal;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  };

/** Puts the guard before a server that has its listener already. */
export function guardServer(server: Server, options: GuardOptions): void {
  const listener: RequestListener = (request, response) => {
    for (const each of listeners) each.call(server, request, response);
  };
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', guarded(listener, options));
}
