/** One HTTP request with a time limit for all of it, a limit on its answer, and no redirects or proxies. */
import http from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';

export type Attempt =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** A kept-alive socket was closed under the request: nobody has read it. */
  | { readonly kind: 'stale_socket' }
  /** `cause` is a code of Node's, or a few words of ours. */
  | { readonly kind: 'failed'; readonly cause: string };

export interface AttemptOptions {
  readonly endpoint: URL;
  readonly agent: http.Agent;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Answers of a review have a few kilobytes; a page of a Query has 1 MB at most. */
export const maxAnswerBytes = 4 * 1024 * 1024;

const isHttp = (endpoint: URL): boolean => endpoint.protocol === 'http:';

export function createAgent(endpoint: URL): http.Agent {
  const options = { keepAlive: true, maxSockets: 50, scheduling: 'lifo' } as const;
  return isHttp(endpoint) ? new http.Agent(options) : new https.Agent(options);
}

/** Never throws. */
export async function sendOnce(options: AttemptOptions): Promise<Attempt> {
  const { endpoint, agent, headers, body, timeout, signal } = options;
  if (signal.aborted) return { kind: 'failed', cause: 'aborted' };
  const send = isHttp(endpoint) ? http.request : https.request;
  const request = send(endpoint, { method: 'POST', path: '/', agent, headers });
  return new Promise<Attempt>((resolve) => {
    let answered = false;
    const finish = (attempt: Attempt): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(attempt);
      if (attempt.kind === 'failed') request.destroy();
    };
    const timer = setTimeout(() => finish({ kind: 'failed', cause: 'timed out' }), timeout);
    const abort = (): void => finish({ kind: 'failed', cause: 'aborted' });
    signal.addEventListener('abort', abort);
    request.on('response', (response) => {
      answered = true;
      collect(response, finish);
    });
    request.on('error', (error) => finish(toFailure(error, request, answered)));
    request.end(body);
  });
}

function collect(response: IncomingMessage, finish: (attempt: Attempt) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxAnswerBytes) finish({ kind: 'failed', cause: 'answer too large' });
  });
  response.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    finish({ kind: 'answer', status: response.statusCode ?? 0, body });
  });
  // The server closed the connection before the end of its answer.
  response.on('error', () => finish({ kind: 'failed', cause: 'answer cut off' }));
}

function toFailure(error: NodeJS.ErrnoException, request: ClientRequest, answered: boolean): Attempt {
  const code = error.code ?? '';
  const reset = code === 'ECONNRESET' || code === 'EPIPE';
  if (reset && request.reusedSocket && !answered) return { kind: 'stale_socket' };
  return { kind: 'failed', cause: /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : 'connection failed' };
}
