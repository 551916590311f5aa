/**
 * The one outbound request of a verification: a GET that we build ourselves. `node:https` with an agent of our own follows
 * no redirect and takes no proxy from the environment.
 */
import http from 'node:http';
import https from 'node:https';
import { denied, unavailable } from '../errors.ts';
import type { Result } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import { judgeStsAnswer, maximumAnswerBytes } from './parse/sts-answer.ts';
import type { StsAnswer } from './parse/sts-answer.ts';
import type { UnverifiedRequest } from './parse/unverified-request.ts';

/** Asks STS who signed a request. Never rejects, and answers within 4 s. */
export type AskSts = (request: UnverifiedRequest, clusterId: string) => Promise<Result<CallerIdentity>>;

/** By default every host is reached under its own name. With an endpoint, it is reached in place of the host. */
export type StsTransportOptions =
  | { readonly endpoint?: undefined; readonly reach?: undefined }
  | {
      /** `https://vpce-….sts.eu-central-1.vpce.amazonaws.com`; `http://` on loopback only. */
      readonly endpoint: string;
      /** The host whose requests the endpoint takes: an interface endpoint knows its own region. `all`: a stand-in knows every one. */
      readonly reach: { readonly host: string } | 'all';
    };

const attemptMilliseconds = 2000;
/** The first attempt and one more: 4 s in all. */
const attempts = 2;
/** A connection that a frozen Lambda environment kept too long, or one that was never made: the request was not judged. */
const retried = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE']);

/** @throws TypeError for an endpoint that is not an https:// origin, nor an http:// one on loopback */
export function createStsTransport(options: StsTransportOptions = {}): AskSts {
  const { endpoint, reach = 'all' } = options;
  const override = endpoint === undefined ? undefined : readEndpoint(endpoint);
  const agents = {
    https: new https.Agent({ keepAlive: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' }),
    http: new http.Agent({ keepAlive: true }),
  };

  return async (request, clusterId) => {
    const { host } = request;
    if (reach !== 'all' && reach.host !== host) {
      return denied('host_not_reachable', { host, reachable: reach.host });
    }
    const target = override ?? { secure: true, hostname: host, port: 443 };
    const answer = await retrying(() => attempt(target, agents, request, clusterId));
    return 'cause' in answer
      ? unavailable('sts_unreachable', { host, cause: answer.cause })
      : judgeStsAnswer(answer, { ...request, clusterId });
  };
}

interface Target {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

interface Agents {
  readonly https: https.Agent;
  readonly http: http.Agent;
}

/** No answer came. `cause` is an error code of Node or a few fixed words: never text of a peer. */
interface NoAnswer {
  readonly cause: string;
}

const loopback = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

function readEndpoint(endpoint: string): Target {
  const { protocol, hostname, port, pathname, search, username } = new URL(endpoint);
  const secure = protocol === 'https:';
  const allowed = secure || (protocol === 'http:' && loopback.test(hostname));
  if (!allowed || pathname !== '/' || search !== '' || username !== '') {
    throw new TypeError('An STS endpoint must be https://<host>, or http://<host> on loopback.');
  }
  // A URL writes IPv6 in brackets; a socket wants it without.
  return {
    secure,
    hostname: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
  };
}

async function retrying(once: () => Promise<StsAnswer | NoAnswer>): Promise<StsAnswer | NoAnswer> {
  for (let remaining = attempts - 1; ; remaining -= 1) {
    const answer = await once();
    if (remaining === 0 || !('cause' in answer) || !retried.has(answer.cause)) return answer;
  }
}

async function attempt(
  { secure, hostname, port }: Target,
  agents: Agents,
  { host, canonicalQuery }: UnverifiedRequest,
  clusterId: string,
): Promise<StsAnswer | NoAnswer> {
  const signal = AbortSignal.timeout(attemptMilliseconds);
  const options: https.RequestOptions = {
    method: 'GET',
    hostname,
    port,
    path: `/?${canonicalQuery}`,
    // What was signed, with the cluster id of our own record; and what makes STS answer plain JSON.
    headers: {
      Host: host,
      'x-k8s-aws-id': clusterId,
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': 'countersign',
    },
    // What Node.js would make of the Host header, without its search for an IPv6 address: a tenth of a cold start on 20.
    servername: host,
    signal,
  };
  try {
    const response = await respond(
      secure
        ? https.request({ ...options, agent: agents.https })
        : http.request({ ...options, agent: agents.http }),
    );
    return {
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'],
      contentEncoding: response.headers['content-encoding'],
      body: await readBody(response),
    };
  } catch (error) {
    // A body that is cut off by our own time-out looks like a reset, which it is not.
    return { cause: signal.aborted ? `no answer within ${attemptMilliseconds} ms` : causeOf(error) };
  }
}

function respond(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    // Stays for the life of the request: an error after the response is the body's to report.
    request.on('error', reject);
    // Node drops the connection without an error where somebody answers 101 Switching Protocols.
    request.on('close', () => reject(new Error('closed without an answer')));
    request.end();
  });
}

/** `undefined`: over the limit; the connection is given up. */
async function readBody(response: http.IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Uint8Array> = response;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > maximumAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const showableCause = /^[A-Z0-9_]{1,60}$/;

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && showableCause.test(code) ? code : 'network error';
}
