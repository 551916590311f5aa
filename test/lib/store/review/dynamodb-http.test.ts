import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoDbHttp, regionalEndpoint } from '../../../../lib/store/review/dynamodb-http.ts';
import { maxAnswerBytes } from '../../../../lib/net/http-attempt.ts';
import { environmentCredentials, signRequest } from '../../../../lib/net/sign-request.ts';
import { startDynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';
import type { DynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';

const credentials = { accessKeyId: 'AKIAHTTPTEST00000001', secretAccessKey: 'http-test-secret' };
const input = { RequestItems: {} };
const signal = (): AbortSignal => AbortSignal.timeout(10_000);

describe('the signature', () => {
  /** Signature Version 4 by its own steps, written down a second time. */
  const expected = (
    headers: Record<string, string>,
    body: string,
    region: string,
    secret: string,
  ): string => {
    const names = Object.keys(headers).toSorted();
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string): Buffer =>
      createHmac('sha256', key).update(text).digest();
    const canonical = [
      'POST',
      '/',
      '',
      ...names.map((name) => `${name}:${headers[name]}`),
      '',
      names.join(';'),
      hash(body),
    ].join('\n');
    const date = headers['x-amz-date']!;
    const scope = [date.slice(0, 8), region, 'dynamodb', 'aws4_request'];
    const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
    return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonical)].join('\n')).toString('hex');
  };

  it.each([
    { name: 'of long-lived keys', sessionToken: undefined },
    { name: 'of a role, with its session token', sessionToken: 'session/token+==' },
  ])('$name is that of Signature Version 4', ({ sessionToken }) => {
    const body = '{"TableName":"täble"}';
    const headers = signRequest({
      endpoint: new URL('https://dynamodb.eu-central-1.amazonaws.com'),
      region: 'eu-central-1',
      operation: 'Query',
      body,
      credentials: { ...credentials, sessionToken },
      at: Date.UTC(2026, 10, 22, 1, 2, 3, 456),
    });
    const { Authorization: authorization, ...others } = headers;
    const signed = Object.fromEntries(
      Object.entries(others).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    expect(signed).toMatchObject({
      host: 'dynamodb.eu-central-1.amazonaws.com',
      'x-amz-target': 'DynamoDB_20120810.Query',
      'x-amz-date': '20261122T010203Z',
    });
    expect(signed['x-amz-security-token']).toBe(sessionToken);
    const [, names, signature] =
      /SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/.exec(String(authorization)) ?? [];
    expect(names?.split(';')).toEqual(Object.keys(signed).toSorted());
    expect(signature === expected(signed, body, 'eu-central-1', credentials.secretAccessKey)).toBe(true);
  });
});

describe('credentials of the environment', () => {
  it('are those that Lambda sets', async () => {
    const provide = environmentCredentials({
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_SESSION_TOKEN: 'c',
    });
    expect(await provide()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  });
  it.each([{}, { AWS_ACCESS_KEY_ID: 'a' }, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'b' }])(
    'are refused where one is missing: %j',
    async (environment) => {
      await expect(environmentCredentials(environment)()).rejects.toThrow('must be set');
    },
  );
});

describe('the endpoint', () => {
  it.each([
    ['eu-central-1', 'https://dynamodb.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'https://dynamodb.us-gov-west-1.amazonaws.com'],
    ['us-isob-east-1', 'https://dynamodb.us-isob-east-1.sc2s.sgov.gov'],
    ['eusc-de-east-1', 'https://dynamodb.eusc-de-east-1.amazonaws.eu'],
  ])('of %s is %s', (region, endpoint) => {
    expect(regionalEndpoint(region)).toBe(endpoint);
  });
  it('of a region that no partition has is refused at the start', () => {
    expect(() => regionalEndpoint('mars-north-1')).toThrow(RangeError);
  });
});

describe('the connection', () => {
  let proxy: DynamoDbProxy;
  beforeAll(async () => {
    // Nothing is behind the proxy: every test answers for it.
    proxy = await startDynamoDbProxy('http://127.0.0.1:1');
  });
  afterAll(() => proxy.close());
  beforeEach(() => {
    proxy.reset();
    proxy.onCall(() => ({ status: 200, body: { fine: true } }));
  });

  const create = (options: Partial<Parameters<typeof createDynamoDbHttp>[0]> = {}) =>
    createDynamoDbHttp({
      region: 'us-east-1',
      endpoint: proxy.endpoint,
      credentials: async () => credentials,
      clock: Date.now,
      random: () => 0,
      ...options,
    });

  it('is kept and used again', async () => {
    const client = create();
    const before = proxy.connections();
    for (let index = 0; index < 5; index += 1) await client.batchGetItem(input, signal());
    expect(proxy.connections() - before).toBe(1);
  });

  it('that was closed while we were frozen is replaced at once', async () => {
    const client = create();
    await client.batchGetItem(input, signal());
    let resets = 0;
    proxy.onCall(() => ((resets += 1) === 1 ? 'reset' : { status: 200, body: { fine: true } }));
    expect(await client.batchGetItem(input, signal())).toEqual({ ok: true, value: { fine: true } });
    expect(proxy.calls).toHaveLength(3);
  });

  it('that gives no answer in time is given up, and another attempt is made', async () => {
    const client = create({ attemptTimeout: 50 });
    proxy.onCall((_call, index) => (index === 0 ? 'hang' : { status: 200, body: {} }));
    expect(await client.batchGetItem(input, signal())).toMatchObject({ ok: true });
    proxy.onCall(() => 'hang');
    expect(await client.batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'timed out' } },
    });
  });

  it('that sends too much is cut', async () => {
    proxy.onCall(() => ({ status: 200, raw: `"${'x'.repeat(maxAnswerBytes)}"` }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'answer too large' } },
    });
  });

  it('follows no redirect', async () => {
    proxy.onCall(() => ({ status: 302, body: {} }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'HTTP status 302' } },
    });
    expect(proxy.calls).toHaveLength(1);
  });

  it('that cannot be made is named by its code', async () => {
    const client = create({ endpoint: 'http://127.0.0.1:1' });
    expect(await client.batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'ECONNREFUSED' } },
    });
  });

  it('is not made without credentials, and what their provider said stays out of the cause', async () => {
    const client = create({ credentials: () => Promise.reject(new Error('secret of the provider')) });
    const result = await client.batchGetItem(input, signal());
    expect(result).toMatchObject({ failure: { data: { cause: 'no credentials' } } });
    expect(JSON.stringify(result)).not.toContain('secret of');
    expect(proxy.calls).toHaveLength(0);
  });

  it('carries names of errors only', async () => {
    proxy.onCall(() => ({
      status: 400,
      body: { __type: 'x#<script>http-test-secret', message: 'http-test-secret' },
    }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'HTTP status 400' } },
    });
  });
});
