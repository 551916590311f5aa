/** Signatures of requests to the admin API, checked by the independent verifier of the stand-ins. */
import { describe, expect, test } from 'vitest';
import { path } from '../../../cli/admin-client/client.ts';
import { signCall } from '../../../cli/admin-client/sign.ts';
import type { HttpCall } from '../../../cli/http.ts';
import { verifySignature } from '../../../dev/stand-ins/sigv4/verify.ts';

const credentials = {
  accessKeyId: 'AKIADEMOALICE0000001',
  secretAccessKey: 'a-secret',
  sessionToken: 'a/session+token=',
};
const signing = { service: 'execute-api', region: 'eu-west-1' };

const mapping = path`/prod/v1/mappings/${'a/b:c d'}`;
const calls: Record<string, HttpCall> = {
  'a list with a query': {
    method: 'GET',
    url: new URL(
      'https://abc.execute-api.eu-west-1.amazonaws.com/prod/v1/mappings?scope=cluster%2Fa%20b&limit=200',
    ),
    headers: { accept: 'application/json' },
    body: undefined,
    timeoutMs: 1,
  },
  'a write with a body and a condition': {
    method: 'PUT',
    url: new URL(`https://abc.execute-api.eu-west-1.amazonaws.com${mapping}`),
    headers: { 'content-type': 'application/json', 'content-length': '9', 'if-match': '"3"' },
    body: '{"é":1}',
    timeoutMs: 1,
  },
};

const verify = ({ method, url, headers, body }: HttpCall, secretAccessKey = credentials.secretAccessKey) =>
  verifySignature(
    {
      method,
      target: url.pathname + url.search,
      headers: Object.entries(headers),
      body: Buffer.from(body ?? ''),
    },
    {
      findKey: () => ({ outcome: 'known', secretAccessKey, principal: 'alice' }),
      now: Date.now(),
      ...signing,
      normalizePath: true,
    },
  ).ok;

describe.each(Object.entries(calls))('%s', (what, call) => {
  const signed = signCall(call, signing, credentials, Date.now());

  test(`${what} has a valid signature for its own host`, () => {
    expect(verify(signed)).toBe(true);
    expect(signed.headers['Host'] ?? signed.headers['host']).toBe(call.url.host);
  });

  test.each<[string, Partial<HttpCall>]>([
    ['another method', { method: 'DELETE' }],
    ['another path', { url: new URL('https://abc.execute-api.eu-west-1.amazonaws.com/prod/v1/denials') }],
    ['another body', { body: '{}' }],
  ])(`the signature of ${what} is not valid for %s`, (_, change) =>
    expect(verify({ ...signed, ...change })).toBe(false),
  );

  test(`the signature of ${what} is not valid for another key`, () =>
    expect(verify(signed, 'another')).toBe(false));
});
