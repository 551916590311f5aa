/**
 * The HTTP client: one request over `node:http` or `node:https`, with a time-out for all of it and a limit on its answer. It
 * follows no redirect, asks no proxy, checks every certificate, and never throws. `fetch` would cost more than the rest of a
 * cold start.
 */
import http from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { readUpTo } from './read-stream.ts';
import { verifiedTls } from './verified-tls.ts';

export interface HttpCall {
  readonly method: string;
  /** The server to connect to: only scheme, host and port count. */
  readonly origin: URL;
  /** Path and query, sent byte for byte: a signature may cover them. */
  readonly path: string;
  /** May hold a `Host` other than that of `origin`. */
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | undefined;
  /** The name that the certificate must be for. Default: the `Host` header. */
  readonly servername?: string | undefined;
  /** For the connection, the request and the whole answer. */
  readonly timeoutMilliseconds: number;
  readonly maximumAnswerBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** `undefined`: larger than `maximumAnswerBytes`; the connection is closed. */
  readonly body: Buffer | undefined;
}

/** `cause` is an error code of Node.js or a few fixed words: never text of the peer, of the request or of its headers. */
export interface NoAnswer {
  readonly kind: 'no_answer';
  readonly cause: string;
  /** The peer had closed a kept-alive connection that was reused: it has not read the request. */
  readonly staleSocket: boolean;
}

export type HttpOutcome = HttpAnswer | NoAnswer;

/** Never rejects. */
export type HttpClient = (call: HttpCall) => Promise<HttpOutcome>;

export interface HttpClientOptions {
  /** Whether connections are kept for the next call. */
  readonly keepAlive: boolean;
  /** Connections to one host at the same time. Default: no limit. */
  readonly maxSockets?: number;
}

/** A client with connections of its own: the process-wide agents of Node.js may use a proxy from the environment. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agents = {
    http: new http.Agent(options),
    https: new https.Agent({ ...options, ...verifiedTls }),
  };
  return async (call) => {
    if (call.signal?.aborted === true) return noAnswer('aborted');
    try {
      return await receive(openRequest(call, agents), call);
    } catch (error) {
      // A header or a path that Node.js refuses to send.
      return noAnswer(causeOf(error));
    }
  };
}

function openRequest(
  call: HttpCall,
  agents: { readonly http: http.Agent; readonly https: https.Agent },
): ClientRequest {
  const { method, path, headers, servername } = call;
  const { protocol, hostname, port } = call.origin;
  const isSecure = protocol === 'https:';
  const options: https.RequestOptions = {
    method,
    path,
    headers,
    // A URL writes an IPv6 address in brackets; a socket expects it without.
    hostname: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    ...(servername === undefined ? {} : { servername }),
  };
  return isSecure
    ? https.request({ ...options, agent: agents.https })
    : http.request({ ...options, agent: agents.http });
}

function receive(request: ClientRequest, call: HttpCall): Promise<HttpOutcome> {
  const { timeoutMilliseconds, maximumAnswerBytes, signal, body } = call;
  return new Promise((resolve) => {
    let isAnswered = false;
    const finish = (outcome: HttpOutcome): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const giveUp = (cause: string): void => {
      finish(noAnswer(cause));
      request.destroy();
    };
    const timer = setTimeout(() => giveUp(lateCause(timeoutMilliseconds)), timeoutMilliseconds);
    const abort = (): void => giveUp('aborted');
    signal?.addEventListener('abort', abort);
    request.on('response', (response) => {
      isAnswered = true;
      void readAnswer(response, maximumAnswerBytes).then(finish);
    });
    // An error after the response is the body's to report.
    request.on('error', (error) => {
      if (!isAnswered) finish(failureOf(error, request));
    });
    // Node.js closes without an error if the peer answers 101 Switching Protocols.
    request.on('close', () => {
      if (!isAnswered) finish(noAnswer('closed without an answer'));
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, maximumBytes: number): Promise<HttpOutcome> {
  const { statusCode: status = 0, headers } = response;
  try {
    return { kind: 'answer', status, headers, body: await readUpTo(response, maximumBytes) };
  } catch {
    return noAnswer(cutOff);
  }
}

/** The cause if the peer closes the connection before its answer is complete. */
export const cutOff = 'answer cut off';

const lateCause = (milliseconds: number): string => `no answer within ${milliseconds / 1000} s`;

const noAnswer = (cause: string, staleSocket = false): NoAnswer => ({
  kind: 'no_answer',
  cause,
  staleSocket,
});

function failureOf(error: Error, request: ClientRequest): NoAnswer {
  const cause = causeOf(error);
  return noAnswer(cause, request.reusedSocket && (cause === 'ECONNRESET' || cause === 'EPIPE'));
}

const errorCode = /^[A-Z][A-Z0-9_]{1,60}$/;

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && errorCode.test(code) ? code : 'connection failed';
}
