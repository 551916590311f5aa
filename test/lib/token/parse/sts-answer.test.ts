import { describe, expect, test } from 'vitest';
import { evaluateStsAnswer } from '../../../../lib/token/parse/sts-answer.ts';
import type { StsAnswer } from '../../../../lib/token/parse/sts-answer.ts';

const question = {
  host: 'sts.us-east-1.amazonaws.com',
  partition: 'aws',
  accessKeyId: 'AKIADEMOALICE0000001',
  clusterId: 'demo',
} as const;
const { host } = question;

const identityJson =
  '{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/alice","UserId":"AIDADEMOALICE00000001"},"ResponseMetadata":{"RequestId":"01234567-89ab-cdef-0123-456789abcdef"}}}';

const evaluate = (
  body: string | Uint8Array | undefined,
  { status = 200, contentType = 'application/json', ...rest }: Partial<StsAnswer> = {},
): string => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const result = evaluateStsAnswer(
    { status, contentType, contentEncoding: undefined, ...rest, body: bytes },
    question,
  );
  return result.ok ? result.value.canonicalArn : result.failure.code;
};
const alice = 'arn:aws:iam::111122223333:user/alice';

describe('an identity of STS', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/x-amz-json-1.1',
  ])('is parsed from the content type %s', (contentType) => {
    expect(evaluate(identityJson, { contentType })).toBe(alice);
  });
  test('is parsed with white space, escapes, and a colon after a string in a value', () => {
    const spread = JSON.stringify(JSON.parse(identityJson), null, '\t').replace(
      'user/alice',
      String.raw`user\/alice`,
    );
    expect(evaluate(spread.replace('"01234567', String.raw`"\":\\\"Account\": 01234567`))).toBe(alice);
  });
  test('is parsed if its content encoding is identity', () => {
    expect(evaluate(identityJson, { contentEncoding: 'identity' })).toBe(alice);
  });
});

describe('an answer of STS with status 200', () => {
  test.each<[string, string | Uint8Array | undefined, Partial<StsAnswer>]>([
    ['was not read to its end', undefined, {}],
    ['is empty', '', {}],
    ['is XML', '<GetCallerIdentityResponse/>', { contentType: 'text/xml' }],
    ['is XML that says it is JSON', '<GetCallerIdentityResponse/>', {}],
    ['is JSON that says it is HTML', identityJson, { contentType: 'text/html' }],
    ['is JSON of a type that only begins so', identityJson, { contentType: 'application/jsonp' }],
    ['does not say what it is', identityJson, { contentType: undefined }],
    ['is compressed', identityJson, { contentEncoding: 'gzip' }],
    ['begins with a byte order mark', `\uFEFF${identityJson}`, {}],
    ['is not UTF-8', Buffer.from(identityJson.replace('01234567', '\xff\xfe'), 'latin1'), {}],
    ['is UTF-16', Buffer.from(identityJson, 'utf16le'), {}],
    ['goes on behind its end', `${identityJson}{}`, {}],
    ['stops before its end', identityJson.slice(0, -1), {}],
    ['has a comment', `/* */${identityJson}`, {}],
    [
      'has a name twice, the right one last',
      identityJson.replace('{"Account"', '{"Account":"444455556666","Account"'),
      {},
    ],
    [
      'has a name twice, one of them escaped',
      identityJson.replace('{"Account"', String.raw`{"\u0041ccount":"444455556666","Account"`),
      {},
    ],
    ['has two answers', identityJson.replace('{', `{"GetCallerIdentityResponse":{},`), {}],
    ['is an array of one answer', `[${identityJson}]`, {}],
    ['is a string that holds the answer', JSON.stringify(identityJson), {}],
    ['is nested without end', '['.repeat(30_000) + ']'.repeat(30_000), {}],
    ['is a refusal', '{"Error":{"Code":"ExpiredToken"}}', {}],
    ['disagrees with itself', identityJson.replace('"111122223333"', '"444455556666"'), {}],
  ])('is unavailable if it %s', (_, body, rest) => {
    // `contentType: undefined` has to survive the default.
    const answer = { status: 200, contentType: 'application/json', contentEncoding: undefined, ...rest };
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    expect(evaluateStsAnswer({ ...answer, body: bytes }, question)).toMatchObject({
      ok: false,
      failure: { outcome: 'unavailable', code: 'sts_bad_answer', data: { host } },
    });
  });
});

const error = (Code: string): string =>
  JSON.stringify({ Error: { Code, Message: 'x', Type: 'Sender' }, RequestId: 'x' });

describe('a refusal by STS', () => {
  test.each([
    [403, 'SignatureDoesNotMatch', 'signature_mismatch'],
    [403, 'IncompleteSignature', 'signature_mismatch'],
    [403, 'InvalidClientTokenId', 'credentials_invalid'],
    [403, 'UnrecognizedClientException', 'credentials_invalid'],
    [403, 'MissingAuthenticationToken', 'credentials_invalid'],
    [403, 'ExpiredToken', 'credentials_expired'],
    [403, 'ExpiredTokenException', 'credentials_expired'],
    [400, 'Throttling', 'sts_throttled'],
    [400, 'ThrottlingException', 'sts_throttled'],
    [400, 'RequestLimitExceeded', 'sts_throttled'],
    [403, 'Throttling', 'sts_throttled'],
    [503, 'SlowDown', 'sts_throttled'],
    [429, 'Whatever', 'sts_throttled'],
    // Definite only with the status that belongs to it, and only under exactly these names.
    [400, 'SignatureDoesNotMatch', 'sts_bad_answer'],
    [500, 'ExpiredToken', 'sts_bad_answer'],
    [403, 'signaturedoesnotmatch', 'sts_bad_answer'],
    [403, 'AccessDenied', 'sts_bad_answer'],
    [403, 'toString', 'sts_bad_answer'],
    [302, 'Throttling', 'sts_bad_answer'],
    [400, 'ValidationError', 'sts_bad_answer'],
    [500, 'InternalFailure', 'sts_bad_answer'],
    [503, 'ServiceUnavailable', 'sts_bad_answer'],
  ])('with status %d and code %s is %s', (status, code, outcome) => {
    expect(evaluate(error(code), { status })).toBe(outcome);
  });

  test('is throttling by its code, not by its message', () => {
    expect(
      evaluate(error('InternalFailure').replace('"x"', '"Throttling: Rate exceeded"'), { status: 400 }),
    ).toBe('sts_bad_answer');
  });

  test.each([201, 202, 203, 204, 206, 301, 302, 307, 308, 404, 418, 500, 503])(
    'an identity with status %d is not one',
    (status) => {
      expect(evaluate(identityJson, { status })).toBe('sts_bad_answer');
    },
  );

  test.each([
    [error('ValidationError'), 'has status 400 and the code ValidationError'],
    [error('<script>'), 'has status 400'],
    [error('x'.repeat(100)), 'has status 400'],
    ['<Error><Code>Throttling</Code></Error>', 'has status 400'],
  ])('with the code %j is described without text of the peer', (body, rule) => {
    const answer = {
      status: 400,
      contentType: 'application/json',
      contentEncoding: undefined,
      body: Buffer.from(body),
    };
    expect(evaluateStsAnswer(answer, question)).toMatchObject({ failure: { data: { host, rule } } });
  });
});
