/** Whatever STS, or something in its place, answers: an identity only if all of it is consistent, and never a crash. */
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeniedCode, isUnavailableCode } from '../../lib/errors.ts';
import type { Result } from '../../lib/errors.ts';
import type { CallerIdentity } from '../../lib/identity/caller-identity.ts';
import { evaluateStsAnswer } from '../../lib/token/parse/sts-answer.ts';
import type { StsAnswer } from '../../lib/token/parse/sts-answer.ts';
import { parameters, timeout } from './budget.ts';
import { mutate, mutations } from './mutations.ts';
import { identities, intact, metadata, request, serviceRole, snippets, values } from './sts-answer-data.ts';

const question = { ...request, clusterId: 'demo' };

/** Written apart from lib/identity: may this text stand for that caller? */
function agrees(text: string, caller: CallerIdentity): boolean {
  const { GetCallerIdentityResponse: response, ...beside } = JSON.parse(text);
  const { Account, Arn, UserId, ...more } = response.GetCallerIdentityResult;
  const once = [
    '"Account"',
    '"Arn"',
    '"UserId"',
    '"GetCallerIdentityResult"',
    '"GetCallerIdentityResponse"',
  ].every((name) => text.includes('\\') || text.split(name).length === 2);
  const [arn, partition, service, region, account, ...resource] = String(Arn).split(':');
  const [kind, ...path] = resource.join(':').split('/');
  const name = path.at(-1) ?? '';
  const ids: Record<string, boolean> = {
    user: service === 'iam' && /^AIDA[A-Z0-9]+$/.test(UserId),
    'assumed-role':
      service === 'sts' &&
      /^AROA[A-Z0-9]+$/.test(String(UserId).split(':')[0] ?? '') &&
      UserId === `${String(UserId).split(':')[0]}:${name}`,
    'federated-user': service === 'sts' && UserId === `${Account}:${name}`,
    root: service === 'iam' && UserId === Account,
  };
  const empty = (object: object): boolean => Object.keys(object).length === 0;
  return (
    once &&
    empty(beside) &&
    empty(more) &&
    arn === 'arn' &&
    partition === 'aws' &&
    region === '' &&
    account === Account &&
    /^\d{12}$/.test(Account) &&
    ids[kind ?? ''] === true &&
    caller.arn === Arn &&
    caller.accountId === Account &&
    caller.accessKeyId === request.accessKeyId
  );
}

function isSafe(answer: StsAnswer, result: Result<CallerIdentity>): boolean {
  if (!result.ok) {
    const { outcome, code } = result.failure;
    // A refusal is definite with 403 and 400 only; with 200 only that of an identity which no mapping can name.
    const statuses = code === 'principal_not_mappable' ? [200] : [400, 403];
    return outcome === 'denied'
      ? isDeniedCode(code) && statuses.includes(answer.status)
      : isUnavailableCode(code);
  }
  const { status, contentType, contentEncoding, body } = answer;
  return (
    status === 200 &&
    /^application\//i.test(contentType ?? '') &&
    (contentEncoding ?? 'identity') === 'identity' &&
    body !== undefined &&
    agrees(Buffer.from(body).toString(), result.value)
  );
}

const object = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...identities) },
  { weight: 1, arbitrary: fc.constant(serviceRole) },
  {
    weight: 3,
    arbitrary: fc.record({
      Account: fc.constantFrom(...values.Account),
      Arn: fc.constantFrom(...values.Arn),
      UserId: fc.constantFrom(...values.UserId),
    }),
  },
);
const shaped = fc.tuple(object, object, fc.nat({ max: 11 })).map(([result, other, shape]): string => {
  const response = { GetCallerIdentityResult: result, ResponseMetadata: metadata };
  const plain = JSON.stringify({ GetCallerIdentityResponse: response });
  const shapes = [
    plain,
    plain,
    plain,
    JSON.stringify({ GetCallerIdentityResponse: response }, null, 2),
    JSON.stringify([{ GetCallerIdentityResponse: response }]),
    JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResponse: response } }),
    JSON.stringify({ GetCallerIdentityResponse: response, GetCallerIdentityResult: other }),
    JSON.stringify({ GetCallerIdentityResponse: { ...response, GetCallerIdentityResult: [result, other] } }),
    plain.replace(
      '{"GetCallerIdentityResult"',
      `{"GetCallerIdentityResult":${JSON.stringify(other)},"GetCallerIdentityResult"`,
    ),
    JSON.stringify({ Error: { Code: result.UserId, Message: plain } }),
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${String(result.Arn)}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    JSON.stringify(plain),
  ];
  return shapes[shape] ?? plain;
});
const refusals = fc
  .constantFrom(
    'SignatureDoesNotMatch',
    'ExpiredToken',
    'InvalidClientTokenId',
    'RegionDisabledException',
    'AccessDenied',
    'Throttling',
    'InternalFailure',
    'toString',
    '',
  )
  .map((Code) => JSON.stringify({ Error: { Code, Message: 'x' }, RequestId: 'x' }));
const bodies = fc.oneof(
  { weight: 6, arbitrary: shaped },
  { weight: 2, arbitrary: refusals },
  { weight: 1, arbitrary: fc.json() },
);
const damaged = fc
  .tuple(bodies, fc.oneof(fc.constant([]), mutations(snippets)))
  .map(([body, damage]) => damage.reduce(mutate, body));
const encoded = fc.tuple(damaged, fc.nat({ max: 19 })).map(([text, way]): Uint8Array | undefined => {
  const ways: Record<number, () => Uint8Array | undefined> = {
    0: () => undefined,
    1: () => gzipSync(text),
    2: () => Buffer.from(text, 'utf16le'),
    3: () => Buffer.from(text, 'latin1'),
    4: () => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
  };
  return (ways[way] ?? ((): Uint8Array => Buffer.from(text)))();
});
const answers: fc.Arbitrary<StsAnswer> = fc.record({
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        201,
        202,
        203,
        204,
        205,
        206,
        226,
        301,
        302,
        307,
        308,
        400,
        401,
        403,
        404,
        429,
        500,
        503,
      ),
    },
    { weight: 1, arbitrary: fc.nat({ max: 999 }) },
  ),
  contentType: fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/xml',
        'text/html',
        '',
        undefined,
        'application/jsonx',
        'application/json; charset=utf-8',
        'text/json',
      ),
    },
  ),
  contentEncoding: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('gzip', 'identity', 'br', 'GZIP', '') },
  ),
  body: encoded,
});

const evaluate = (answer: StsAnswer): Result<CallerIdentity> => evaluateStsAnswer(answer, question);
test('the intact answers that the fuzzers damage identify a caller', () => {
  for (const body of intact) {
    const answer = { status: 200, contentType: 'application/json', contentEncoding: undefined, body };
    const result = evaluate(answer);
    expect([result.ok, isSafe(answer, result)]).toEqual([true, true]);
  }
});

test(
  'only an exact and consistent answer of STS identifies a caller',
  () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(answers, (answer) => {
        const result = evaluate(answer);
        seen.add(result.ok ? 'identity' : result.failure.code);
        return isSafe(answer, result);
      }),
      parameters(1),
    );
    const refused = ['signature_mismatch', 'credentials_invalid', 'credentials_expired'];
    const denied = ['region_not_enabled', 'sts_access_denied', 'principal_not_mappable'];
    expect(seen).toEqual(new Set(['identity', 'sts_bad_answer', 'sts_throttled', ...refused, ...denied]));
  },
  timeout,
);
