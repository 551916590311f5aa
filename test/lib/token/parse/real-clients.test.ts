/** A real client that the grammar refuses is a bug: recorded tokens, and clients that are run where they are present. */
import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import aws4 from 'aws4';
import { describe, expect, test } from 'vitest';
import { stsHosts } from '../../../../lib/identity/partitions.ts';
import { generateToken } from '../../../../lib/token/generate.ts';
import { parseToken } from '../../../../lib/token/parse/token.ts';
import type { UnverifiedRequest } from '../../../../lib/token/parse/unverified-request.ts';
import {
  demoKeys,
  expectedSignature,
  frozenNow,
  parametersOf,
  tokenOf,
  urlOf,
} from '../../../fixtures/presign.ts';
import clients from '../../../vectors/real-clients.json' with { type: 'json' };

const hosts = stsHosts([]);
const sessionToken = 'FwoGZXIvYXdzEDEaDDemoSession//+token/with+every/base64==';

function accept(token: string, now: number): UnverifiedRequest {
  const host = /^https:\/\/([^/]+)/.exec(urlOf(token))?.[1] ?? '';
  const partition = hosts.get(host)?.partition ?? 'aws';
  const parsed = parseToken(token, { hosts, partition, now });
  if (!parsed.ok) throw new Error(parsed.failure.code);
  return parsed.value;
}

/** The rebuilt request carries the signature that the client made: STS would take it. */
function signatureHolds(request: UnverifiedRequest, clusterId: string): boolean {
  const { 'X-Amz-Signature': sent, ...parameters } = Object.fromEntries(parametersOf(request.canonicalQuery));
  const { secretAccessKey } = demoKeys;
  const right = expectedSignature({
    host: request.host,
    clusterId,
    secretAccessKey,
    parameters: Object.entries(parameters),
  });
  return sent === right;
}

describe('a recorded token', () => {
  test.each(clients.vectors)('$client, $version: $name', ({ url, clusterId }) => {
    const request = accept(tokenOf(url), Date.parse(clients.clock));
    expect(request.signedAt).toBe(Date.parse(clients.clock));
    expect(signatureHolds(request, clusterId)).toBe(true);
  });

  test('a session token of 4,096 bytes is among them', () => {
    const lengths = clients.vectors.map(
      ({ url }) => decodeURIComponent(/Security-Token=([^&]*)/.exec(url)?.[1] ?? '').length,
    );
    expect(Math.max(...lengths)).toBe(4096);
  });

  test('a session token whose every character must be escaped is accepted', () => {
    const credentials = { ...demoKeys, sessionToken: '+/'.repeat(1700) };
    const { token } = generateToken({ clusterId: 'demo', region: 'us-east-1', credentials, now: frozenNow });
    expect(signatureHolds(accept(token, frozenNow), 'demo')).toBe(true);
  });
});

describe('a token of countersign', () => {
  test.each(['us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-east-1', 'us-iso-west-1', 'eusc-de-east-1'])(
    'is accepted with the host of %s',
    (region) => {
      const request = { clusterId: 'demo', region, credentials: demoKeys, now: frozenNow };
      const { token, expiresAt } = generateToken(request);
      expect(expiresAt).toBe(frozenNow + 14 * 60_000);
      const read = accept(token, frozenNow);
      expect(read).toMatchObject({ region, accessKeyId: demoKeys.accessKeyId, signedAt: frozenNow });
      expect(signatureHolds(read, 'demo')).toBe(true);
    },
  );

  test('is accepted with the global host and a session token', () => {
    const credentials = { ...demoKeys, sessionToken };
    const { token } = generateToken({
      clusterId: 'demo',
      region: 'us-east-1',
      host: 'sts.amazonaws.com',
      credentials,
      now: frozenNow,
    });
    expect(signatureHolds(accept(token, frozenNow), 'demo')).toBe(true);
  });

  test('a region that no partition has is refused', () => {
    const request = { clusterId: 'demo', region: 'moon-base-1', credentials: demoKeys, now: frozenNow };
    expect(() => generateToken(request)).toThrow(RangeError);
  });
});

test('aws4 signs what we accept', () => {
  const host = 'sts.us-west-1.amazonaws.com';
  const path = '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60&X-Amz-Date=20261122T063000Z';
  const headers = { 'x-k8s-aws-id': 'demo' };
  const signed = aws4.sign(
    { service: 'sts', region: 'us-west-1', host, signQuery: true, path, headers },
    { ...demoKeys, sessionToken },
  );
  expect(signatureHolds(accept(tokenOf(`https://${host}${signed.path}`), frozenNow), 'demo')).toBe(true);
});

/** What the presigner of the AWS SDK for JavaScript needs of a hash. */
class Sha256 {
  readonly #hash;
  constructor(key?: Uint8Array) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

test('the presigner of the AWS SDK for JavaScript signs what we accept', async () => {
  // It comes with the SDK's clients, and is found from one of them.
  const find = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-sts'));
  const { SignatureV4 } = find(['@smithy', 'signature-v4'].join('/'));
  const region = 'eu-south-2';
  const host = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: 'sts',
    region,
    sha256: Sha256,
    credentials: { ...demoKeys, sessionToken },
  });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const headers = { host, 'x-k8s-aws-id': 'demo' };
  const signed = await signer.presign(
    { method: 'GET', protocol: 'https:', hostname: host, path: '/', query, headers },
    { expiresIn: 60, signingDate: new Date(frozenNow) },
  );
  const pairs = Object.entries(signed.query as Record<string, string>).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  expect(signatureHolds(accept(tokenOf(`https://${host}/?${pairs.join('&')}`), frozenNow), 'demo')).toBe(
    true,
  );
});

const hasAwsCli = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => ['aws', 'aws.exe'].some((name) => existsSync(join(folder, name))));
if (!hasAwsCli) console.log('The AWS CLI is not on the path: its recorded tokens stand in for it.');

test.skipIf(!hasAwsCli)('aws eks get-token, run now', () => {
  const { stdout } = spawnSync('aws', ['eks', 'get-token', '--cluster-name', 'demo', '--output', 'json'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: demoKeys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: demoKeys.secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_REGION: 'eu-west-2',
      AWS_CONFIG_FILE: 'none',
      AWS_SHARED_CREDENTIALS_FILE: 'none',
    },
  });
  const credential = JSON.parse(stdout) as { status: { token: string } };
  expect(signatureHolds(accept(credential.status.token, Date.now()), 'demo')).toBe(true);
});
