import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { environmentCredentials, signRequest } from '../../../lib/net/sign.ts';

const credentials = { accessKeyId: 'AKIAHTTPTEST00000001', secretAccessKey: 'http-test-secret' };

describe('signRequest', () => {
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

  test.each([
    { name: 'long-lived keys', sessionToken: undefined },
    { name: 'the keys of a role, with a session token', sessionToken: 'session/token+==' },
  ])('the signature by $name is that of Signature Version 4', ({ sessionToken }) => {
    const body = '{"TableName":"täble"}';
    const headers = signRequest({
      service: 'dynamodb',
      region: 'eu-central-1',
      method: 'POST',
      host: 'dynamodb.eu-central-1.amazonaws.com',
      path: '/',
      headers: { 'X-Amz-Target': 'DynamoDB_20120810.Query' },
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

describe('environmentCredentials', () => {
  test('returns the credentials that Lambda sets', async () => {
    const provide = environmentCredentials({
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_SESSION_TOKEN: 'c',
    });
    expect(await provide()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  });
  test.each([{}, { AWS_ACCESS_KEY_ID: 'a' }, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'b' }])(
    'rejects if a key is missing or empty: %j',
    async (environment) => {
      await expect(environmentCredentials(environment)()).rejects.toThrow('must be set');
    },
  );
});
