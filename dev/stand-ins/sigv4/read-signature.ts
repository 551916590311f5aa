/** Finds and reads the signature of a request: an Authorization header, or the query of a presigned URL. */
import { refused, answered, type Answered } from '../service/answer.ts';
import { queryPairs } from './query.ts';
import { headerValues, onlyHeader, type ReceivedRequest } from './received-request.ts';

/** The claims of the sender: unverified. */
export interface ClaimedSignature {
  readonly kind: 'header' | 'query';
  readonly accessKeyId: string;
  /** `YYYYMMDD`, from the credential scope. */
  readonly scopeDate: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';

export function readSignature(request: ReceivedRequest): Answered<ClaimedSignature> {
  const query = queryPairs(request.target);
  const isPresigned = query.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature');
  const authorizations = headerValues(request, 'authorization');
  if (isPresigned && authorizations.length > 0) {
    return incomplete('Only one of an Authorization header and a presigned query may be used.');
  }
  if (isPresigned) return readQuery(query);
  const [authorization] = authorizations;
  if (authorization === undefined) {
    return refused(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  return readHeader(request, authorization);
}

const incomplete = (message: string): Answered<never> => refused(400, 'IncompleteSignature', message);

interface Parts {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
}

function readQuery(query: readonly (readonly [string, string])[]): Answered<ClaimedSignature> {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    if (!name.startsWith('X-Amz-')) continue;
    if (values.has(name)) return incomplete(`Query-string parameter '${name}' is given twice.`);
    values.set(name, value);
  }
  if (values.get('X-Amz-Algorithm') !== algorithm) {
    return incomplete(`Unsupported AWS 'algorithm': '${values.get('X-Amz-Algorithm') ?? ''}'.`);
  }
  const credential = values.get('X-Amz-Credential');
  const signedHeaders = values.get('X-Amz-SignedHeaders');
  const signature = values.get('X-Amz-Signature');
  const amzDate = values.get('X-Amz-Date');
  if (!credential || !signedHeaders || !signature || !amzDate) {
    return incomplete(
      'AWS query-string parameters must include X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Signature.',
    );
  }
  // STS accepts a presigned request for 15 minutes, whatever X-Amz-Expires is; but it must be a number.
  if (!/^\d{1,6}$/.test(values.get('X-Amz-Expires') ?? '0')) {
    return incomplete("Query-string parameter 'X-Amz-Expires' must be a number of seconds.");
  }
  const sessionToken = values.get('X-Amz-Security-Token');
  return assemble('query', { credential, signedHeaders, signature, amzDate, sessionToken });
}

function readHeader(request: ReceivedRequest, authorization: string): Answered<ClaimedSignature> {
  const [scheme, rest] = splitOnce(authorization.trim(), ' ');
  if (scheme !== algorithm) return incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`);
  const parts = new Map(rest.split(',').map((part) => splitOnce(part.trim(), '=')));
  const credential = parts.get('Credential');
  const signedHeaders = parts.get('SignedHeaders');
  const signature = parts.get('Signature');
  const amzDate = onlyHeader(request, 'x-amz-date');
  const missing = Object.entries({
    Credential: credential,
    SignedHeaders: signedHeaders,
    Signature: signature,
  })
    .filter(([, value]) => !value)
    .map(([name]) => `Authorization header requires '${name}' parameter.`);
  if (!amzDate) missing.push("Authorization header requires existence of a 'X-Amz-Date' header.");
  if (!credential || !signedHeaders || !signature || !amzDate) return incomplete(missing.join(' '));
  const sessionToken = onlyHeader(request, 'x-amz-security-token');
  return assemble('header', { credential, signedHeaders, signature, amzDate, sessionToken });
}

function assemble(kind: ClaimedSignature['kind'], parts: Parts): Answered<ClaimedSignature> {
  const [accessKeyId, scopeDate, region, service, terminator, ...more] = parts.credential.split('/');
  if (!accessKeyId || !scopeDate || !region || !service || !terminator || more.length > 0) {
    return incomplete(
      'Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term, all of them given.',
    );
  }
  const { signature, amzDate, sessionToken } = parts;
  const signedHeaders = parts.signedHeaders.split(';');
  return answered({
    kind,
    accessKeyId,
    scopeDate,
    region,
    service,
    terminator,
    signedHeaders,
    signature,
    amzDate,
    sessionToken,
  });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
