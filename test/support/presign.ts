/** SigV4 for presigned GetCallerIdentity requests, written apart from `lib/token`: tests compare the two. */
import { createHash, createHmac } from 'node:crypto';

/** The clock of the vectors. */
export const frozenNow = Date.parse('2026-11-22T06:30:00Z');
export const demoKeys = { accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'demo-secret-alice' };

export interface Presigned {
  readonly host: string;
  readonly clusterId: string;
  readonly secretAccessKey: string;
  /** Decoded, without the signature. */
  readonly parameters: Iterable<readonly [name: string, value: string]>;
}

const escape = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** The signature that AWS would compute for this request, in the scope that its credential names. */
export function expectedSignature({ host, clusterId, secretAccessKey, parameters }: Presigned): string {
  const values = new Map(parameters);
  const query = [...values]
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .toSorted()
    .join('&');
  const canonical = [
    'GET',
    '/',
    query,
    `host:${host}`,
    `x-k8s-aws-id:${clusterId}`,
    '',
    'host;x-k8s-aws-id',
    createHash('sha256').digest('hex'),
  ].join('\n');
  const scope = (values.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const toSign = [
    'AWS4-HMAC-SHA256',
    values.get('X-Amz-Date'),
    scope.join('/'),
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  let key: Buffer | string = `AWS4${secretAccessKey}`;
  for (const part of [...scope, toSign]) key = createHmac('sha256', key).update(part).digest();
  return Buffer.from(key).toString('hex');
}

/** A token as clients wrap a URL. */
export const tokenOf = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;

/** The URL inside a token. */
export const urlOf = (token: string): string =>
  Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString();

/** The parameters of a canonical query string, decoded: for tests only, which make such strings themselves. */
export const parametersOf = (query: string): Map<string, string> =>
  new Map(
    query.split('&').map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=');
      return [name, decodeURIComponent(value.join('='))];
    }),
  );
