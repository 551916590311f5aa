/** HTTP requests of the command line: the HTTP client of lib/net, with text for bodies. */
import { createHttpClient } from '../lib/net/http-client.ts';

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** The server could not be reached or did not answer. The message is a code such as ECONNREFUSED, or a few words. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The largest answer is a page of a list, or an export: far below this. */
const maximumAnswerBytes = 32 * 1024 * 1024;

/** A command sends few requests, and must not wait for idle connections at its end. */
const client = createHttpClient({ keepAlive: false });

/** Sends one request. @throws Unreachable if there is no answer within `timeoutMs`, or it is too large */
export async function send({ method, url, headers, body, timeoutMs }: HttpCall): Promise<HttpAnswer> {
  const outcome = await client({
    method,
    origin: url,
    path: url.pathname + url.search,
    headers,
    body,
    timeoutMilliseconds: timeoutMs,
    maximumAnswerBytes,
  });
  if (outcome.kind === 'no_answer') throw new Unreachable(outcome.cause);
  if (outcome.body === undefined) throw new Unreachable('the answer is too large');
  return { status: outcome.status, headers: outcome.headers, body: outcome.body.toString('utf8') };
}
