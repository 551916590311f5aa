/** The one outbound request of a verification: a GET that is built here, from the fields of the parsed token. */
import { denied, unavailable } from '../errors.ts';
import type { Result } from '../errors.ts';
import type { ReportedIdentity } from '../identity/caller-identity.ts';
import { createHttpClient, cutOff } from '../net/http-client.ts';
import type { HttpClient, HttpOutcome } from '../net/http-client.ts';
import { isLoopback } from '../net/loopback.ts';
import { evaluateStsAnswer, maximumAnswerBytes } from './parse/sts-answer.ts';
import type { UnverifiedRequest } from './parse/unverified-request.ts';

/** Asks STS who signed a request. Never rejects; resolves within 4 s. */
export type AskSts = (request: UnverifiedRequest, clusterId: string) => Promise<Result<ReportedIdentity>>;

/** By default every host is reached under its own name. An endpoint replaces the host. */
export type StsTransportOptions =
  | { readonly endpoint?: undefined; readonly reach?: undefined }
  | {
      /** `https://vpce-….sts.eu-central-1.vpce.amazonaws.com`; `http://` on loopback only. */
      readonly endpoint: string;
      /**
       * The host whose requests the endpoint accepts: an interface endpoint serves its own region. `all`: a stand-in serves
       * every host.
       */
      readonly reach: { readonly host: string } | 'all';
    };

const attemptMilliseconds = 2000;
/** The first attempt and one more: 4 s in all. */
const attempts = 2;
/** A connection that a frozen Lambda environment kept too long, or one that was refused or cut off: STS has not decided. */
const retried = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', cutOff]);

/** @throws TypeError for an endpoint that is not an https:// origin, nor an http:// one on loopback */
export function createStsTransport(options: StsTransportOptions = {}): AskSts {
  const { endpoint, reach = 'all' } = options;
  const override = endpoint === undefined ? undefined : parseEndpoint(endpoint);
  const client = createHttpClient({ keepAlive: true });

  return async (request, clusterId) => {
    const { host } = request;
    if (reach !== 'all' && reach.host !== host) {
      return denied('host_not_reachable', { host, reachable: reach.host });
    }
    const origin = override ?? new URL(`https://${host}`);
    const outcome = await retrying(() => attempt(client, origin, request, clusterId));
    if (outcome.kind === 'no_answer') return unavailable('sts_unreachable', { host, cause: outcome.cause });
    const { status, headers, body } = outcome;
    return evaluateStsAnswer(
      {
        status,
        contentType: headers['content-type'],
        contentEncoding: headers['content-encoding'],
        body,
      },
      { ...request, clusterId },
    );
  };
}

function parseEndpoint(endpoint: string): URL {
  const url = new URL(endpoint);
  const { protocol, hostname, pathname, search, username } = url;
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  if (!isAllowed || pathname !== '/' || search !== '' || username !== '') {
    throw new TypeError('An STS endpoint must be https://<host>, or http://<host> on loopback.');
  }
  return url;
}

async function retrying(once: () => Promise<HttpOutcome>): Promise<HttpOutcome> {
  for (let remaining = attempts - 1; ; remaining -= 1) {
    const outcome = await once();
    if (remaining === 0 || outcome.kind === 'answer' || !retried.has(outcome.cause)) return outcome;
  }
}

const attempt = (
  client: HttpClient,
  origin: URL,
  { host, canonicalQuery }: UnverifiedRequest,
  clusterId: string,
): Promise<HttpOutcome> =>
  client({
    method: 'GET',
    origin,
    path: `/?${canonicalQuery}`,
    // What was signed, with the cluster id of the record, not of the token; and what asks STS for plain JSON.
    headers: {
      Host: host,
      'x-k8s-aws-id': clusterId,
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'User-Agent': 'countersign',
    },
    // What Node.js would derive from the Host header, without its search for an IPv6 address: a tenth of a cold start on 20.
    servername: host,
    timeoutMilliseconds: attemptMilliseconds,
    maximumAnswerBytes,
  });
