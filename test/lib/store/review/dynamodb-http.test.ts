import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createDynamoDbHttp,
  maximumAnswerBytes,
  regionalEndpoint,
} from '../../../../lib/store/review/dynamodb-http.ts';
import { startDynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';
import type { DynamoDbProxy } from '../../../fixtures/dynamodb-proxy.ts';

const credentials = { accessKeyId: 'AKIAHTTPTEST00000001', secretAccessKey: 'http-test-secret' };
const input = { RequestItems: {} };
const signal = (): AbortSignal => AbortSignal.timeout(10_000);

describe('regionalEndpoint', () => {
  test.each([
    ['eu-central-1', 'https://dynamodb.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'https://dynamodb.us-gov-west-1.amazonaws.com'],
    ['us-isob-east-1', 'https://dynamodb.us-isob-east-1.sc2s.sgov.gov'],
    ['eusc-de-east-1', 'https://dynamodb.eusc-de-east-1.amazonaws.eu'],
  ])('the endpoint of %s is %s', (region, endpoint) => {
    expect(regionalEndpoint(region)).toBe(endpoint);
  });
  test('a region that no partition has is refused at the start', () => {
    expect(() => regionalEndpoint('mars-north-1')).toThrow(RangeError);
  });
});

describe('createDynamoDbHttp', () => {
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

  test('a connection is kept and reused', async () => {
    const client = create();
    const before = proxy.connections();
    for (let index = 0; index < 5; index += 1) await client.batchGetItem(input, signal());
    expect(proxy.connections() - before).toBe(1);
  });

  test('a connection that was closed while the function was frozen is replaced at once', async () => {
    const client = create();
    await client.batchGetItem(input, signal());
    let resets = 0;
    proxy.onCall(() => ((resets += 1) === 1 ? 'reset' : { status: 200, body: { fine: true } }));
    expect(await client.batchGetItem(input, signal())).toEqual({ ok: true, value: { fine: true } });
    expect(proxy.calls).toHaveLength(3);
  });

  test('an attempt without an answer in time is given up and repeated', async () => {
    const client = create({ attemptTimeout: 50 });
    proxy.onCall((_call, index) => (index === 0 ? 'hang' : { status: 200, body: {} }));
    expect(await client.batchGetItem(input, signal())).toMatchObject({ ok: true });
    proxy.onCall(() => 'hang');
    expect(await client.batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'no answer within 0.05 s' } },
    });
  });

  test('an answer over the limit is unavailable', async () => {
    proxy.onCall(() => ({ status: 200, raw: `"${'x'.repeat(maximumAnswerBytes)}"` }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'answer too large' } },
    });
  });

  test('a redirect is not followed', async () => {
    proxy.onCall(() => ({ status: 302, body: {} }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'HTTP status 302' } },
    });
    expect(proxy.calls).toHaveLength(1);
  });

  test('a refused connection is reported by its code', async () => {
    const client = create({ endpoint: 'http://127.0.0.1:1' });
    expect(await client.batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'ECONNREFUSED' } },
    });
  });

  test('without credentials no request is sent, and the message of their provider stays out of the cause', async () => {
    const client = create({ credentials: () => Promise.reject(new Error('secret of the provider')) });
    const result = await client.batchGetItem(input, signal());
    expect(result).toMatchObject({ failure: { data: { cause: 'no credentials' } } });
    expect(JSON.stringify(result)).not.toContain('secret of');
    expect(proxy.calls).toHaveLength(0);
  });

  test('of an error only its name is reported', async () => {
    proxy.onCall(() => ({
      status: 400,
      body: { __type: 'x#<script>http-test-secret', message: 'http-test-secret' },
    }));
    expect(await create().batchGetItem(input, signal())).toMatchObject({
      failure: { data: { cause: 'HTTP status 400' } },
    });
  });
});
