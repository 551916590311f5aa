/** Calls the admin API: signed with the caller's AWS credentials, unsigned on loopback. */
import { findCredentials } from '../aws/credentials.ts';
import { failure } from '../exit.ts';
import { Unreachable, send } from '../http.ts';
import type { HttpAnswer, HttpCall } from '../http.ts';
import { isJsonObject, objectsAt, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Context } from '../spec.ts';
import { version } from '../../lib/version.ts';
import { requireEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { unreadableOf } from './listing.ts';
import type { Listing, Unreadable } from './listing.ts';
import { Refused, refusal } from './problem.ts';
import { signCall } from './sign.ts';

export type Query = Readonly<Record<string, string | undefined>>;

export interface Call {
  readonly query?: Query;
  readonly body?: unknown;
  /** The version that the record must still have. */
  readonly ifMatch?: number;
}

export interface AdminClient {
  /** @throws Refused, or CliFailure if the API could not be reached */
  call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, call?: Call): Promise<JsonObject>;
  /** `undefined` if it does not exist. */
  find(path: string): Promise<JsonObject | undefined>;
  /** Every item of a list, or the first `limit`; what cannot be read is named beside them. */
  list(path: string, query?: Query, limit?: number): Promise<Listing>;
}

/** API Gateway ends a request after 29 s. */
const timeoutMs = 30_000;
/** The largest page of the API. */
const pageSize = 200;

/** A path of the API with its variables escaped: path`/v1/clusters/${id}`. */
export const path = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: texts }, ...values.map((value) => encodeURIComponent(value)));

function urlOf(endpoint: Endpoint, route: string, query: Query): URL {
  const url = new URL(`${endpoint.url.href.replace(/\/+$/, '')}${route}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  // SigV4 requires %20 for a space; URLSearchParams writes +.
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

async function signed(
  call: HttpCall,
  { signing }: Endpoint,
  context: Pick<Context, 'env' | 'terminal'>,
): Promise<HttpCall> {
  if (signing === undefined) return call;
  const credentials = await findCredentials({ ...context, region: signing.region });
  return signCall(call, signing, credentials, Date.now());
}

async function ask(call: HttpCall, endpoint: Endpoint): Promise<HttpAnswer> {
  try {
    return await send(call);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw failure(
      `The admin API at ${endpoint.url.origin} could not be reached (${error.message}): check the endpoint, and that you are on its network.`,
      error,
    );
  }
}

function parseAnswer(answer: HttpAnswer, origin: string): JsonObject {
  if (answer.status === 204 || answer.body === '') return {};
  try {
    const value: unknown = JSON.parse(answer.body);
    if (isJsonObject(value)) return value;
  } catch {
    // Not JSON: refused below.
  }
  throw failure(`${origin} did not answer with JSON: is --endpoint the admin API?`);
}

const headersOf = (body: string | undefined, ifMatch: number | undefined): Record<string, string> => ({
  accept: 'application/json',
  'user-agent': `countersign/${version}`,
  ...(body === undefined
    ? {}
    : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
});

/** @throws CliFailure (exit 2) if no endpoint is known */
export function createAdminClient(context: Pick<Context, 'input' | 'env' | 'terminal'>): AdminClient {
  const endpoint = requireEndpoint(context);
  const call: AdminClient['call'] = async (method, route, { query = {}, body, ifMatch } = {}) => {
    const url = urlOf(endpoint, route, query);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const unsigned = { method, url, headers: headersOf(text, ifMatch), body: text, timeoutMs };
    const answer = await ask(await signed(unsigned, endpoint, context), endpoint);
    if (answer.status < 200 || answer.status > 299) throw refusal(answer, endpoint.url.origin);
    return parseAnswer(answer, endpoint.url.origin);
  };
  return {
    call,
    async find(route) {
      try {
        return await call('GET', route);
      } catch (error) {
        if (error instanceof Refused && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    async list(route, query = {}, limit = Number.POSITIVE_INFINITY) {
      const items: JsonObject[] = [];
      const unreadable: Unreadable[] = [];
      let cursor: string | undefined;
      do {
        const page = await call('GET', route, {
          query: { ...query, limit: String(Math.min(pageSize, limit - items.length)), cursor },
        });
        items.push(...objectsAt(page, 'items'));
        unreadable.push(...unreadableOf(page));
        cursor = textAt(page, 'cursor');
      } while (cursor !== undefined && items.length < limit);
      return { items, unreadable };
    },
  };
}
