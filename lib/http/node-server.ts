/**
 * Serves Lambda handlers over Node's own HTTP server: each request becomes an event of payload 2.0, and the
 * function's answer goes back. `countersign dev` and `countersign serve` run the functions' handlers this way.
 */
import { Buffer } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readUpTo } from '../net/read-stream.ts';
import type { LambdaResponse } from './lambda-event.ts';
import { maxBodyBytes } from './message.ts';
import type { RequestHead } from './message.ts';
import { endWithoutBody, send } from './unread-body.ts';

/** An event of payload 2.0, as this server creates it. */
export interface Payload2Event {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: true;
  readonly requestContext: {
    readonly stage: '$default';
    readonly http: { readonly method: string; readonly path: string; readonly sourceIp: string };
    readonly authorizer?: { readonly iam: { readonly userArn: string } };
  };
}

/** A function's handler. */
export type EventHandler = (event: Payload2Event) => Promise<LambdaResponse>;

export interface ListenerOptions {
  /** The caller in the request context, as if AWS had verified a signature. Default: none. */
  readonly caller?: string;
  /** The limit of a body. Default {@link maxBodyBytes}: the admin API accepts more. */
  readonly bodyBytes?: number;
  /** Whether the answer depends on the body. If not, the handler gets an empty one at once. Default: it does. */
  readonly needsBody?: (head: RequestHead) => boolean;
  /** Called with an error that a handler threw; the client receives a 500 without its message. */
  readonly onError?: (error: unknown) => void;
}

/**
 * A body that is not wanted is read to its end, up to this many times the limit, and dropped: most clients read an answer only
 * after they have sent their body. A still larger one is cut off.
 */
const drainFactor = 16;

/** A listener for `http.createServer` or `https.createServer`. `route` returns the function for a request. */
export function createListener(
  route: (event: Payload2Event) => EventHandler | undefined,
  options: ListenerOptions = {},
): RequestListener {
  return (request, response) => {
    serve(request, response, route, options).catch((error: unknown) => {
      // A client that hangs up in the middle of its body is no error of ours, and must not fill the log.
      if (request.destroyed && !request.complete) return;
      options.onError?.(error);
      if (!response.headersSent) send(response, plain(500, 'internal'));
    });
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  route: (event: Payload2Event) => EventHandler | undefined,
  options: ListenerOptions,
): Promise<void> {
  const { socket } = request;
  const { bodyBytes: limit = maxBodyBytes, needsBody = () => true } = options;
  const drainLimit = drainFactor * limit;
  if (!needsBody(headOf(request))) {
    const answer = await answerOf(toEvent(request, Buffer.alloc(0), options.caller), route);
    if (hasBody(request)) endWithoutBody(request, response, answer, drainLimit);
    else send(response, answer);
    return;
  }
  if (Number(request.headers['content-length']) > limit) {
    endWithoutBody(request, response, plain(413, 'too_large'), drainLimit);
    return;
  }
  const body = await readUpTo(request, limit, drainLimit);
  if (body === undefined) {
    if (!request.complete) response.once('finish', () => socket.destroy());
    send(response, plain(413, 'too_large'));
    return;
  }
  send(response, await answerOf(toEvent(request, body, options.caller), route));
}

async function answerOf(
  event: Payload2Event,
  route: (event: Payload2Event) => EventHandler | undefined,
): Promise<LambdaResponse> {
  return (await route(event)?.(event)) ?? plain(404, 'not_found');
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const headOf = ({ method = 'GET', url = '/', headersDistinct }: IncomingMessage): RequestHead => ({
  method,
  path: splitOnce(url, '?')[0],
  headers: new Map(Object.entries(joined(headersDistinct))),
});

function toEvent(request: IncomingMessage, body: Buffer, caller: string | undefined): Payload2Event {
  const [rawPath, rawQueryString] = splitOnce(request.url ?? '/', '?');
  const method = request.method ?? 'GET';
  const sourceIp = request.socket.remoteAddress ?? '';
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: joined(request.headersDistinct),
    body: body.toString('base64'),
    isBase64Encoded: true,
    requestContext: {
      stage: '$default',
      http: { method, path: rawPath, sourceIp },
      ...(caller === undefined ? {} : { authorizer: { iam: { userArn: caller } } }),
    },
  };
}

/** Every value of a header, `Authorization` too: Node's own `headers` keeps only the first of some. */
const joined = (headers: NodeJS.Dict<string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, (values ?? []).join(',')]));

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const plain = (statusCode: number, code: string): LambdaResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify({ code }),
  isBase64Encoded: false,
});
