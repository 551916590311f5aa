import { describe, expect, test } from 'vitest';
import { readSignature } from '../../../../dev/stand-ins/sigv4/read-signature.ts';

const scope = 'AKIAEXAMPLE/20260101/eu-central-1/sts/aws4_request';
const query = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': scope,
  'X-Amz-Date': '20260101T000000Z',
  'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  'X-Amz-Signature': 'abcd',
};
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=abcd`;
const dateHeader = ['X-Amz-Date', '20260101T000000Z'] as const;

const read = (target: string, ...headers: (readonly [string, string])[]) =>
  readSignature({ method: 'GET', target, headers, body: new Uint8Array() });
const readQuery = (changed: Readonly<Record<string, string>> = {}, more = '') =>
  read(`/?${new URLSearchParams({ ...query, ...changed }).toString()}${more}`);
const claims = {
  accessKeyId: 'AKIAEXAMPLE',
  scopeDate: '20260101',
  region: 'eu-central-1',
  service: 'sts',
  terminator: 'aws4_request',
  signature: 'abcd',
  amzDate: '20260101T000000Z',
};

test('the signature of a presigned URL is read from its query, with the session token', () => {
  expect(readQuery({ 'X-Amz-Security-Token': 'a+b', 'X-Amz-Expires': '60' })).toEqual({
    ok: true,
    value: { ...claims, kind: 'query', signedHeaders: ['host', 'x-k8s-aws-id'], sessionToken: 'a+b' },
  });
});

test('the signature of a header is read whatever the case of the names of headers', () => {
  expect(read('/', ['authorization', authorization], ['x-amz-date', dateHeader[1]])).toEqual({
    ok: true,
    value: { ...claims, kind: 'header', signedHeaders: ['host', 'x-amz-date'], sessionToken: undefined },
  });
});

test('a request without a signature lacks an authentication token', () => {
  expect(read('/?Action=GetCallerIdentity')).toMatchObject({
    failure: { status: 403, code: 'MissingAuthenticationToken' },
  });
});

describe('an incomplete signature', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'it is in a header and in the query',
      () => read('/?X-Amz-Signature=a', ['Authorization', authorization]),
      /Only one/,
    ],
    ['a query parameter is repeated', () => readQuery({}, '&X-Amz-Date=x'), /'X-Amz-Date' is given twice/],
    ['the algorithm of a query is unknown', () => readQuery({ 'X-Amz-Algorithm': 'x' }), /algorithm': 'x'/],
    ...Object.keys(query)
      .slice(1)
      .map((name): [string, () => unknown, RegExp] => [
        `${name} is empty`,
        () => readQuery({ [name]: '' }),
        /must include/,
      ]),
    ['X-Amz-Expires is no number', () => readQuery({ 'X-Amz-Expires': '1h' }), /number of seconds/],
    [
      'its scheme is unknown',
      () => read('/', ['Authorization', 'Basic x'], dateHeader),
      /algorithm': 'Basic'/,
    ],
    [
      'the header lacks its signature',
      () => read('/', ['Authorization', authorization.replace(/, Signature.*/, '')], dateHeader),
      /requires 'Signature' parameter/,
    ],
    ['there is no date header', () => read('/', ['Authorization', authorization]), /'X-Amz-Date' header/],
    [
      'the date header is repeated',
      () => read('/', ['Authorization', authorization], dateHeader, dateHeader),
      /'X-Amz-Date' header/,
    ],
    ['the scope has six parts', () => readQuery({ 'X-Amz-Credential': `${scope}/x` }), /exactly 5/],
    [
      'a part of the scope is empty',
      () => readQuery({ 'X-Amz-Credential': 'A/20260101//sts/t' }),
      /exactly 5/,
    ],
  ])('is refused if %s', (_condition, act, message) => {
    expect(act()).toMatchObject({
      ok: false,
      failure: { status: 400, code: 'IncompleteSignature', message: expect.stringMatching(message) },
    });
  });
});
