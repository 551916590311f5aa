/**
 * The canonical request and the string to sign of AWS Signature Version 4, from a request as received.
 * Source: AWS IAM user guide, "Create a signed AWS API request", and AWS's test suite (test/vectors/sigv4-suite.json).
 */
import { createHash } from 'node:crypto';
import { encode, encodePath } from './percent.ts';
import { pathOf, queryPairs } from './query.ts';
import { headerValues, type ReceivedRequest } from './received-request.ts';

export interface CanonicalOptions {
  /** In the order of the signature. */
  readonly signedHeaders: readonly string[];
  /** Every service but S3 removes dot segments and doubled slashes before it signs a path. */
  readonly normalizePath: boolean;
}

/** One character per byte. The signature of a presigned request does not cover itself. */
export function canonicalRequest(request: ReceivedRequest, options: CanonicalOptions): string {
  const path = pathOf(request.target);
  return [
    request.method,
    encodePath(options.normalizePath ? normalize(path) : path),
    canonicalQuery(request.target),
    ...options.signedHeaders.map((name) => `${name}:${headerValues(request, name).map(collapse).join(',')}`),
    '',
    options.signedHeaders.join(';'),
    sha256Hex(request.body),
  ].join('\n');
}

export const stringToSign = (canonical: string, amzDate: string, scope: string): string =>
  ['AWS4-HMAC-SHA256', amzDate, scope, sha256Hex(Buffer.from(canonical, 'latin1'))].join('\n');

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Names and values are decoded once and encoded again, so that every spelling of a byte signs alike. */
function canonicalQuery(target: string): string {
  return queryPairs(target)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const collapse = (value: string): string => value.replace(/[ \t\r\n]+/g, ' ').trim();

function normalize(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const isFolder = ['', '.', '..'].includes(segments.at(-1) ?? '');
  return `/${kept.join('/')}${isFolder && kept.length > 0 ? '/' : ''}`;
}
