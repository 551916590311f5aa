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
    [403, 'RegionDisabledException', 'region_not_enabled'],
    [403, 'RegionDisabled', 'region_not_enabled'],
    [403, 'OptInRequired', 'region_not_enabled'],
    [403, 'AccessDenied', 'sts_access_denied'],
    [403, 'AccessDeniedException', 'sts_access_denied'],
    // Every code with 403 is a refusal, and each code is known under exactly its name.
    [403, 'signaturedoesnotmatch', 'sts_access_denied'],
    [403, 'toString', 'sts_access_denied'],
    [403, '', 'sts_access_denied'],
    // AWS lists these with 400, too, or under other names for other services.
    [400, 'InvalidSignatureException', 'signature_mismatch'],
    [403, 'InvalidAccessKeyId', 'credentials_invalid'],
    [400, 'InvalidToken', 'credentials_invalid'],
    [403, 'AuthFailure', 'credentials_invalid'],
    [400, 'SignatureDoesNotMatch', 'signature_mismatch'],
    [400, 'IncompleteSignature', 'signature_mismatch'],
    [400, 'InvalidClientTokenId', 'credentials_invalid'],
    [400, 'ExpiredToken', 'credentials_expired'],
    [400, 'OptInRequired', 'region_not_enabled'],
    [400, 'AccessDenied', 'sts_access_denied'],
    [400, 'AccessDeniedException', 'sts_access_denied'],
    [400, 'InvalidParameterValue', 'sts_access_denied'],
    [400, 'NotAuthorized', 'sts_access_denied'],
    [400, 'RequestExpired', 'sts_access_denied'],
    [400, 'ValidationError', 'sts_access_denied'],
    [400, 'Throttling', 'sts_throttled'],
    [400, 'ThrottlingException', 'sts_throttled'],
    [400, 'RequestLimitExceeded', 'sts_throttled'],
    [403, 'Throttling', 'sts_throttled'],
    [503, 'SlowDown', 'sts_throttled'],
    [429, 'Whatever', 'sts_throttled'],
    // Definite only with a status of a refusal; with 400 only if the code is about values of the caller.
    [401, 'ExpiredToken', 'sts_bad_answer'],
    [404, 'SignatureDoesNotMatch', 'sts_bad_answer'],
    [500, 'ExpiredToken', 'sts_bad_answer'],
    [503, 'AccessDenied', 'sts_bad_answer'],
    [302, 'Throttling', 'sts_bad_answer'],
    [302, 'AccessDenied', 'sts_bad_answer'],
    [400, 'validationerror', 'sts_bad_answer'],
    [400, 'MissingAction', 'sts_bad_answer'],
    [400, 'toString', 'sts_bad_answer'],
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

  test.each([
    ['an HTML page', '<html>Forbidden</html>'],
    ['XML', '<Error><Code>AccessDenied</Code></Error>'],
    ['JSON without a code', '{"message":"Forbidden"}'],
    ['a code that is no text', '{"Error":{"Code":403}}'],
    ['a code twice', '{"Error":{"Code":"AccessDenied","Code":"AccessDenied"}}'],
    ['nothing', ''],
  ])('is not in its words: a 403 with %s is unavailable', (_, body) => {
    expect(evaluate(body, { status: 403 })).toBe('sts_bad_answer');
  });

  test.each([
    ['AccessDenied', 'AccessDenied'],
    ['<script>', 'no code that can be shown'],
    ['x'.repeat(61), 'no code that can be shown'],
    ['', 'no code that can be shown'],
  ])('names its code %j if it is harmless', (code, reason) => {
    const body = Buffer.from(error(code));
    const answer = { status: 403, contentType: 'application/json', contentEncoding: undefined, body };
    expect(evaluateStsAnswer(answer, question)).toMatchObject({
      failure: { code: 'sts_access_denied', data: { host, reason } },
    });
  });

  test.each([201, 202, 203, 204, 206, 301, 302, 307, 308, 404, 418, 500, 503])(
    'an identity with status %d is not one',
    (status) => {
      expect(evaluate(identityJson, { status })).toBe('sts_bad_answer');
    },
  );

  test.each([
    [error('MissingAction'), 'has status 400 and the code MissingAction'],
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

describe('a role of AWS itself', () => {
  const Arn = 'arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0123456789abcdef0';
  const UserId = '111122223333:aws:ec2-instance:i-0123456789abcdef0';
  const evaluateRole = (change: object): unknown => {
    const result = { Account: '111122223333', Arn, UserId, ...change };
    const json = {
      GetCallerIdentityResponse: { GetCallerIdentityResult: result, ResponseMetadata: { RequestId: 'x' } },
    };
    const body = Buffer.from(JSON.stringify(json));
    const answer = { status: 200, contentType: 'application/json', contentEncoding: undefined, body };
    const { ok: isOk, ...rest } = evaluateStsAnswer(answer, question);
    return { isOk, ...rest };
  };

  test.each([
    ['the instance identity role', {}],
    ['one with a unique id', { UserId: 'AROADEMOINSTANCE00001:i-0123456789abcdef0' }],
  ])('is denied, since no mapping can name it: %s', (_, change) => {
    expect(evaluateRole(change)).toEqual({
      isOk: false,
      failure: { outcome: 'denied', code: 'principal_not_mappable', data: { kind: 'aws:ec2-instance' } },
    });
  });

  test.each([
    ['its account', { Account: '444455556666' }],
    ['its partition', { Arn: Arn.replace('aws', 'aws-cn') }],
    ['its user id', { UserId: UserId.replace('i-0', 'i-1') }],
    ['the account of its user id', { UserId: UserId.replace('1111', '4444') }],
    ['the role of its user id', { UserId: UserId.replace('ec2', 'ec3') }],
    ['the session of its unique id', { UserId: 'AROADEMOINSTANCE00001:i-1' }],
    ['its unique id', { UserId: 'aroa:i-0123456789abcdef0' }],
    ['its service', { Arn: Arn.replace(':sts:', ':iam:') }],
    ['a role that IAM could know', { Arn: Arn.replace('aws:ec2', 'awsec2:') }],
    ['what follows its session', { Arn: `${Arn}/x`, UserId: `${UserId}/x` }],
    ['what precedes it', { Arn: ` ${Arn}` }],
  ])('is unavailable if the answer disagrees with itself: %s', (_, change) => {
    expect(evaluateRole(change)).toMatchObject({ failure: { code: 'sts_bad_answer' } });
  });
});
