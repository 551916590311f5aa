/** Generates a token: a presigned GetCallerIdentity request that names a cluster. */
import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '../errors.ts';
import { regionalStsHost } from '../identity/partitions.ts';
import type { AwsCredentials } from '../net/sign.ts';
import { formatAmzDate } from './parse/amz-date.ts';
import { tokenPrefix } from './parse/token.ts';
import { canonicalQuery } from './parse/query.ts';

export interface TokenRequest {
  readonly clusterId: string;
  /** The region to sign for: us-east-1 with the global host. */
  readonly region: string;
  /** An STS host. Default: the regional host of `region`. */
  readonly host?: string | undefined;
  readonly credentials: AwsCredentials;
  readonly now: Instant;
}

export interface GeneratedToken {
  /** A credential for 15 minutes: never log it. */
  readonly token: string;
  /** A minute before STS stops accepting it, so that a client renews it in time. */
  readonly expiresAt: Instant;
}

const clientLifetimeMilliseconds = 14 * 60_000;
/** STS accepts a presigned request for 15 minutes whatever this is; 60 is what every client has always signed. */
const signedExpirySeconds = '60';
const sha256OfNothing = createHash('sha256').update('').digest('hex');

/** @throws RangeError if there is no `host` and no partition has such a region */
export function generateToken(request: TokenRequest): GeneratedToken {
  const { clusterId, region, credentials, now } = request;
  const host = request.host ?? regionalStsHost(region);
  if (host === undefined) throw new RangeError(`No partition has a region named ${region}.`);

  const date = formatAmzDate(now);
  const scope = `${date.slice(0, 8)}/${region}/sts/aws4_request`;
  const query = canonicalQuery([
    ['Action', 'GetCallerIdentity'],
    ['Version', '2011-06-15'],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', signedExpirySeconds],
    ...securityToken(credentials),
    ['X-Amz-SignedHeaders', 'host;x-k8s-aws-id'],
  ]);
  const headers = `host:${host}\nx-k8s-aws-id:${clusterId}\n`;
  const canonicalRequest = `GET\n/\n${query}\n${headers}\nhost;x-k8s-aws-id\n${sha256OfNothing}`;
  const digest = createHash('sha256').update(canonicalRequest).digest('hex');
  const signature = hmac(
    signingKey(credentials.secretAccessKey, scope),
    `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`,
  ).toString('hex');

  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}`;
  return {
    token: tokenPrefix + Buffer.from(url).toString('base64url'),
    expiresAt: now + clientLifetimeMilliseconds,
  };
}

function securityToken({ sessionToken }: AwsCredentials): [name: string, value: string][] {
  return sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken]];
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** One HMAC for each part of the scope: date, region, service, `aws4_request`. */
function signingKey(secretAccessKey: string, scope: string): Buffer {
  return scope.split('/').reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}
