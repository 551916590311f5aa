/**
 * The grammar of a token. Text that is not exactly what an unmodified client creates is refused here, before anything is looked
 * up or sent. Pure; cheap checks first.
 *
 * Each check is one guard under a `rule:` comment. `test/lib/token/parse/rule-removal.test.ts` removes each of them in turn and
 * expects that a hostile token gets further than it should.
 */
import { denied, ok } from '../../errors.ts';
import type { Denied, Instant, Result } from '../../errors.ts';
import type { PartitionId, StsHost } from '../../identity/partitions.ts';
import { parseAmzDate } from './amz-date.ts';
import { canonicalQuery, decodeValue, encodeValue, splitPair } from './query.ts';
import type { UnverifiedRequest } from './unverified-request.ts';

export interface ParseContext {
  /** The cluster's partition: a host of another one is not listed for it. `any`: the cluster is not known yet. */
  readonly partition: PartitionId | 'any';
  readonly hosts: ReadonlyMap<string, StsHost>;
  readonly now: Instant;
}

type Parsed<T> = Result<T, Denied>;

/** What comes before the base64url of the presigned URL, at every client. */
export const tokenPrefix = 'k8s-aws-v1.';
/** Enough for a session token of 4,096 bytes, all of it escaped; STS itself accepts URIs of about 16.1 KB. */
export const maximumTokenBytes = 16_384;
/**
 * Of a session token, escaped: all that a token can hold if its client escapes as SigV4 demands, and with the other parameters
 * below what STS accepts. Without it, a client that escapes less could have STS be sent a URI that it does not answer.
 */
const maximumEscapedBytes = 12_288;
/** STS accepts a presigned request for this long after its date, whatever X-Amz-Expires is. */
const lifetimeMilliseconds = 15 * 60_000;
/** How far in the future STS lets a date be. */
const skewMilliseconds = 5 * 60_000;
const maximumExpiresSeconds = 900;

/** Reads a token for a cluster of `partition`. Nothing in the result is verified. */
export function parseToken(token: string, context: ParseContext): Parsed<UnverifiedRequest> {
  const url = readUrl(token);
  if (!url.ok) return url;
  const target = readTarget(url.value, context);
  if (!target.ok) return target;
  const parameters = readParameters(target.value.query);
  if (!parameters.ok) return parameters;
  return readRequest(target.value.host, parameters.value, context.now);
}

const visibleAscii = /^[\x21-\x7e]*$/;

const malformed = (rule: string): Parsed<never> => denied('token_malformed', { rule });

/** Token → presigned URL. */
function readUrl(token: string): Parsed<string> {
  // rule: prefix
  if (!token.startsWith(tokenPrefix)) return denied('foreign_token', {});
  const bytes = Buffer.byteLength(token);
  // rule: size
  if (bytes > maximumTokenBytes) return denied('token_too_large', { bytes, limit: maximumTokenBytes });
  const encoded = token.slice(tokenPrefix.length);
  // `Buffer` skips what is not base64url, accepts padding and ignores stray bits: only a round trip shows them.
  const decoded = Buffer.from(encoded, 'base64url');
  // rule: base64url
  if (decoded.toString('base64url') !== encoded) return malformed('it is not unpadded base64url');
  const url = decoded.toString('latin1');
  // rule: visible-ascii
  if (!visibleAscii.test(url)) return malformed('it holds bytes that are not visible ASCII');
  return ok(url);
}

const authority = /^https:\/\/([^/?#\\]*)/;
const showableHost = /^[A-Za-z0-9.:-]{1,100}$/;

/** Presigned URL → STS host and query string. Never by `new URL`, which corrects what it parses. */
function readTarget(
  url: string,
  { hosts, partition }: ParseContext,
): Parsed<{ readonly host: StsHost; readonly query: string }> {
  const [start = '', name = ''] = authority.exec(url) ?? [];
  // rule: scheme
  if (start === '') return malformed('it is not a URL that begins with https://');
  const host = hosts.get(name);
  // rule: host-listed
  if (host === undefined) return denied('host_not_listed', { host: showable(name, showableHost) });
  // rule: host-of-partition
  if (partition !== 'any' && host.partition !== partition) return denied('host_not_listed', { host: name });
  const rest = url.slice(start.length);
  // rule: path
  if (!rest.startsWith('/?')) return malformed('the path of its URL is not /');
  return ok({ host, query: rest.slice(2) });
}

/** Attacker's text never reaches a message unless it is short and plain. */
function showable(text: string, pattern: RegExp): string {
  return pattern.test(text) ? text : '(not shown)';
}

const parameterNames = [
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
] as const;
type ParameterName = (typeof parameterNames)[number];
type Parameters = ReadonlyMap<ParameterName, string>;

const isParameterName = (name: string): name is ParameterName =>
  parameterNames.some((known) => known === name);
/** The security token is there for temporary credentials only. */
const requiredNames = parameterNames.filter((name) => name !== 'X-Amz-Security-Token');
const showableName = /^[A-Za-z0-9-]{1,40}$/;

const invalid = (name: ParameterName, rule: string): Parsed<never> =>
  denied('parameter_invalid', { name, rule });

/** Query string → the known parameters, each once, decoded once. */
function readParameters(query: string): Parsed<Parameters> {
  const parameters = new Map<ParameterName, string>();
  for (const text of query.split('&')) {
    const pair = splitPair(text);
    // rule: pair
    if (pair === undefined) return malformed('a part of its query string is not name=value');
    const { name } = pair;
    // rule: parameter-known
    if (!isParameterName(name)) {
      return denied('parameter_not_allowed', { name: showable(name, showableName) });
    }
    // rule: parameter-once
    if (parameters.has(name)) return denied('parameter_repeated', { name });
    const value = decodeValue(pair.value);
    // rule: escapes
    if (value === undefined) return invalid(name, 'be percent-encoded');
    parameters.set(name, value);
  }
  const missing = requiredNames.find((name) => !parameters.has(name));
  // rule: parameter-present
  if (missing !== undefined) return denied('parameter_missing', { name: missing });
  return ok(parameters);
}

const clusterHeaderSigned = 'host;x-k8s-aws-id';
const showableHeaders = /^[A-Za-z0-9;-]{1,100}$/;
/** AWS calls it opaque, so what it means is for STS to judge. */
const securityToken = /^[\x20-\x7e]+$/;
const signature = /^[0-9a-f]{64}$/;

/** Parameters → the request that they describe. */
function readRequest(host: StsHost, parameters: Parameters, now: Instant): Parsed<UnverifiedRequest> {
  const value = (name: ParameterName): string => parameters.get(name) ?? '';
  // rule: action
  if (value('Action') !== 'GetCallerIdentity') return invalid('Action', 'be GetCallerIdentity');
  // rule: version
  if (value('Version') !== '2011-06-15') return invalid('Version', 'be 2011-06-15');
  // rule: algorithm
  if (value('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    return invalid('X-Amz-Algorithm', 'be AWS4-HMAC-SHA256');
  }
  const signedHeaders = value('X-Amz-SignedHeaders');
  // rule: signed-headers
  if (signedHeaders !== clusterHeaderSigned) {
    return denied('cluster_header_not_signed', { signedHeaders: showable(signedHeaders, showableHeaders) });
  }
  const sessionToken = value('X-Amz-Security-Token');
  // rule: security-token
  if (!securityToken.test(sessionToken) && parameters.has('X-Amz-Security-Token')) {
    return invalid('X-Amz-Security-Token', 'be printable ASCII');
  }
  // rule: security-token-size
  if (encodeValue(sessionToken).length > maximumEscapedBytes) {
    return invalid('X-Amz-Security-Token', `have at most ${maximumEscapedBytes} bytes with its escapes`);
  }
  // rule: signature
  if (!signature.test(value('X-Amz-Signature'))) {
    return invalid('X-Amz-Signature', 'be 64 lower-case hexadecimal digits');
  }
  const times = readTimes(value('X-Amz-Date'), value('X-Amz-Expires'), now);
  if (!times.ok) return times;
  const accessKey = readCredential(value('X-Amz-Credential'), value('X-Amz-Date').slice(0, 8), host.region);
  if (!accessKey.ok) return accessKey;
  return ok({
    host: host.host,
    partition: host.partition,
    region: host.region,
    accessKeyId: accessKey.value,
    ...times.value,
    canonicalQuery: canonicalQuery(parameters),
  });
}

const seconds = /^(?:0|[1-9]\d{0,2})$/;

/** X-Amz-Date and X-Amz-Expires → when the token lives. */
function readTimes(
  date: string,
  expires: string,
  now: Instant,
): Parsed<{ readonly signedAt: Instant; readonly expiresAt: Instant }> {
  const signedAt = parseAmzDate(date);
  // rule: date
  if (signedAt === undefined) return invalid('X-Amz-Date', 'be a time that exists, such as 20261122T063000Z');
  // rule: expires
  if (!seconds.test(expires) || Number(expires) > maximumExpiresSeconds) {
    return invalid('X-Amz-Expires', `be a number from 0 to ${maximumExpiresSeconds}`);
  }
  const expiresAt = signedAt + lifetimeMilliseconds;
  // rule: not-expired
  if (now > expiresAt) return denied('token_expired', { signedAt, now });
  // rule: not-from-future
  if (signedAt > now + skewMilliseconds) return denied('token_from_future', { signedAt, now });
  return ok({ signedAt, expiresAt });
}

/** `<access key id>/<date>/<region>/<service>/<terminator>`. IAM: key ids have 16 to 128 characters, 20 today. */
const credential =
  /^((?:AKIA|ASIA)[A-Z0-9]{12,124})\/(\d{8})\/([A-Za-z0-9-]{1,32})\/([A-Za-z0-9-]{1,32})\/([A-Za-z0-9_]{1,32})$/;

/** X-Amz-Credential → access key id, if its scope is that of the date, the host's region and STS. */
function readCredential(text: string, date: string, hostRegion: string): Parsed<string> {
  const [, accessKeyId = '', scopeDate, region, service, terminator] = credential.exec(text) ?? [];
  // rule: credential
  if (accessKeyId === '') {
    return invalid('X-Amz-Credential', 'be <access key id>/<date>/<region>/sts/aws4_request');
  }
  // rule: scope-date
  if (scopeDate !== date) return denied('scope_mismatch', { part: 'date', expected: date });
  // rule: scope-region
  if (region !== hostRegion) return denied('scope_mismatch', { part: 'region', expected: hostRegion });
  // rule: scope-service
  if (service !== 'sts') return denied('scope_mismatch', { part: 'service', expected: 'sts' });
  // rule: scope-terminator
  if (terminator !== 'aws4_request') {
    return denied('scope_mismatch', { part: 'terminator', expected: 'aws4_request' });
  }
  return ok(accessKeyId);
}
