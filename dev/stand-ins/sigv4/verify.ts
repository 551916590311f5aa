/**
 * Verifies AWS Signature Version 4 as AWS does, for the stand-ins. It shares no code with lib/token, so that the same
 * mistake in both cannot hide itself.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { answered, refused, type Answered } from '../service/answer.ts';
import { canonicalRequest, sha256Hex, stringToSign } from './canonical-request.ts';
import { readSignature, type ClaimedSignature } from './read-signature.ts';
import { headerValues, type ReceivedRequest } from './received-request.ts';

/** The secret key and the holder of an access key id and its session token, or why there is none. */
export type KeyFinding<P> =
  | { readonly outcome: 'known'; readonly secretAccessKey: string; readonly principal: P }
  | { readonly outcome: 'invalid' }
  | { readonly outcome: 'expired' };

export interface VerifyOptions<P> {
  readonly findKey: (accessKeyId: string, sessionToken: string | undefined) => KeyFinding<P>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly service: string;
  /** The region that the signature must name; `undefined` if the host names none. */
  readonly region: string | undefined;
  readonly normalizePath: boolean;
}

const minute = 60_000;
/** STS accepts a presigned request for 15 minutes, and a request with an Authorization header for five. */
const pastMinutes = { query: 15, header: 5 } as const;
const futureMinutes = 5;

/** Returns the holder of the key that signed the request, or refuses with AWS's status, code and message. */
export function verifySignature<P>(
  request: ReceivedRequest,
  options: VerifyOptions<P>,
): Answered<{ readonly principal: P; readonly claim: ClaimedSignature }> {
  const read = readSignature(request);
  if (!read.ok) return read;
  const claim = read.value;
  const problem =
    scopeProblem(claim, options) ?? dateProblem(claim, options.now) ?? headerProblem(request, claim);
  if (problem !== undefined) return refused(403, 'SignatureDoesNotMatch', problem);
  const key = options.findKey(claim.accessKeyId, claim.sessionToken);
  if (key.outcome === 'invalid') {
    return refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  if (key.outcome === 'expired') {
    return refused(403, 'ExpiredToken', 'The security token included in the request is expired');
  }
  return isSignedWith(key.secretAccessKey, request, claim, options.normalizePath)
    ? answered({ principal: key.principal, claim })
    : refused(403, 'SignatureDoesNotMatch', mismatch);
}

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function scopeProblem(
  claim: ClaimedSignature,
  { service, region }: { readonly service: string; readonly region: string | undefined },
): string | undefined {
  if (claim.terminator !== 'aws4_request') {
    return "Credential should be scoped with a valid terminator: 'aws4_request'.";
  }
  if (claim.service !== service) return `Credential should be scoped to correct service: '${service}'.`;
  if (region !== undefined && claim.region !== region) {
    return 'Credential should be scoped to a valid region.';
  }
  if (!claim.amzDate.startsWith(claim.scopeDate) || claim.scopeDate.length !== 8) {
    return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.scopeDate}' != '${claim.amzDate.slice(0, 8)}'.`;
  }
  return undefined;
}

function dateProblem(claim: ClaimedSignature, now: number): string | undefined {
  const signedAt = parseAmzDate(claim.amzDate);
  if (signedAt === undefined) {
    return `Date must be in ISO-8601 'basic format'. Got '${claim.amzDate}'.`;
  }
  const minutes = pastMinutes[claim.kind];
  const earliest = now - minutes * minute;
  if (signedAt < earliest) {
    return `Signature expired: ${claim.amzDate} is now earlier than ${amzDateOf(earliest)} (${amzDateOf(now)} - ${minutes} min.)`;
  }
  const latest = now + futureMinutes * minute;
  if (signedAt > latest) {
    return `Signature not yet current: ${claim.amzDate} is still later than ${amzDateOf(latest)} (${amzDateOf(now)} + ${futureMinutes} min.)`;
  }
  return undefined;
}

/** The host and every x-amz- header must be signed, and every signed header must be in the request. */
function headerProblem(request: ReceivedRequest, claim: ClaimedSignature): string | undefined {
  const signed = new Set(claim.signedHeaders);
  if (!signed.has('host')) return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
  const unsigned = request.headers.find(([name]) => /^x-amz-/i.test(name) && !signed.has(name.toLowerCase()));
  if (unsigned !== undefined) return `'${unsigned[0]}' must be a 'SignedHeader' in the AWS Authorization.`;
  const absent = claim.signedHeaders.find((name) => headerValues(request, name).length === 0);
  if (absent !== undefined) return `The signed header '${absent}' is not in the request.`;
  const payloadHashes = headerValues(request, 'x-amz-content-sha256');
  if (payloadHashes.some((hash) => hash !== sha256Hex(request.body))) {
    return "The provided 'x-amz-content-sha256' header does not match what was computed.";
  }
  return undefined;
}

function isSignedWith(
  secretAccessKey: string,
  request: ReceivedRequest,
  claim: ClaimedSignature,
  normalizePath: boolean,
): boolean {
  const scope = [claim.scopeDate, claim.region, claim.service, claim.terminator];
  const canonical = canonicalRequest(request, { signedHeaders: claim.signedHeaders, normalizePath });
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretAccessKey}`);
  const expected = hmac(key, stringToSign(canonical, claim.amzDate, scope.join('/')));
  if (!/^[0-9a-f]{64}$/.test(claim.signature)) return false;
  return timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'));
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text, 'latin1').digest();

/** `YYYYMMDDTHHMMSSZ` → milliseconds since the epoch; `undefined` if there is no such moment (February 30). */
function parseAmzDate(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const instant = Date.parse(iso);
  if (iso === text || Number.isNaN(instant)) return undefined;
  return amzDateOf(instant) === text ? instant : undefined;
}

const amzDateOf = (instant: number): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');
