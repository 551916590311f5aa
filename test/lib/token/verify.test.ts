import { beforeEach, describe, expect, test } from 'vitest';
import { denied, ok, unavailable } from '../../../lib/errors.ts';
import type { Instant, Result } from '../../../lib/errors.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import type { UnverifiedRequest } from '../../../lib/token/parse/unverified-request.ts';
import { createVerifier } from '../../../lib/token/verify.ts';
import type { Verification, Verifier } from '../../../lib/token/verify.ts';

const start: Instant = Date.parse('2026-11-22T06:30:00Z');
const second = 1000;
const request: UnverifiedRequest = {
  host: 'sts.us-east-1.amazonaws.com',
  partition: 'aws',
  region: 'us-east-1',
  accessKeyId: 'AKIADEMOALICE0000001',
  signedAt: start,
  expiresAt: start + 900 * second,
  canonicalQuery: '',
};
const alice: ReportedIdentity = {
  arn: 'arn:aws:iam::111122223333:user/alice',
  canonicalArn: 'arn:aws:iam::111122223333:user/alice',
  partition: 'aws',
  accountId: '111122223333',
  principal: { kind: 'user', userName: 'alice', path: '/' },
  principalId: 'AIDADEMOALICE00000001',
  sessionName: undefined,
  accessKeyId: 'AKIADEMOALICE0000001',
};

let now: Instant;
let asked: number;
let answer: () => Promise<Result<ReportedIdentity>>;
let verifier: Verifier;
const open = new AbortController().signal;

beforeEach(() => {
  now = start;
  asked = 0;
  answer = () => Promise.resolve(ok(alice));
  verifier = createVerifier({
    ask: () => {
      asked += 1;
      return answer();
    },
    clock: () => now,
  });
});

const verify = (
  token = 'token',
  clusterId = 'demo',
  change: Partial<UnverifiedRequest> = {},
): Promise<Verification> => verifier.verify(token, { ...request, ...change }, clusterId, open);
const mismatch = denied('signature_mismatch', { clusterId: 'demo' });
const throttled = unavailable('sts_throttled', { host: request.host });

describe('an identity', () => {
  test('is what STS says', async () => {
    answer = () => {
      now += 40;
      return Promise.resolve(ok(alice));
    };
    expect(await verify()).toEqual({ ok: true, value: alice, cacheHit: false, stsMilliseconds: 40 });
  });

  test('is remembered for less than a minute', async () => {
    await verify();
    now += 60 * second - 1;
    expect(await verify()).toEqual({ ok: true, value: alice, cacheHit: true, stsMilliseconds: 0 });
    now += 1;
    expect(await verify()).toMatchObject({ cacheHit: false });
    expect(asked).toBe(2);
  });

  test("is not remembered past the token's life", async () => {
    const change = { expiresAt: start + 5 * second };
    await verify('token', 'demo', change);
    now += 5 * second - 1;
    expect(await verify('token', 'demo', change)).toMatchObject({ cacheHit: true });
    now += 1;
    expect(await verify('token', 'demo', change)).toMatchObject({ cacheHit: false });
  });

  test('of another key or partition than was asked about is nobody', async () => {
    for (const change of [{ accessKeyId: 'AKIADEMOMALLORY00001' }, { partition: 'aws-cn' }] as const) {
      answer = () => Promise.resolve(ok({ ...alice, ...change }));
      expect(await verify()).toMatchObject({ ok: false, failure: { code: 'sts_bad_answer' } });
    }
    expect(asked).toBe(2);
  });

  test.each([
    ['another token', 'other', 'demo'],
    ['another cluster', 'token', 'other'],
    ['a boundary that has moved', 'oken', 'demot'],
    ['a boundary with quotes', 'token","', 'demo'],
  ])('%s is another question', async (_, token, clusterId) => {
    await verify('token', 'demo');
    expect(await verify(token, clusterId)).toMatchObject({ cacheHit: false });
  });
});

describe('a refusal', () => {
  test('is remembered for 10 s', async () => {
    answer = () => Promise.resolve(mismatch);
    expect(await verify()).toEqual({ ...mismatch, cacheHit: false, stsMilliseconds: 0 });
    now += 10 * second - 1;
    expect(await verify()).toEqual({ ...mismatch, cacheHit: true, stsMilliseconds: 0 });
    now += 1;
    answer = () => Promise.resolve(ok(alice));
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('pushes no identity out, however many there are', async () => {
    await verify('right');
    answer = () => Promise.resolve(mismatch);
    for (let index = 0; index < 10_001; index += 1) await verify(`wrong ${index}`);
    expect(await verify('right')).toMatchObject({ ok: true, cacheHit: true });
    expect(await verify('wrong 0')).toMatchObject({ cacheHit: false });
    expect(await verify('wrong 10000')).toMatchObject({ cacheHit: true });
  });
});

test('what could not be found out is never remembered', async () => {
  answer = () => Promise.resolve(throttled);
  expect(await verify()).toEqual({ ...throttled, cacheHit: false, stsMilliseconds: 0 });
  answer = () => Promise.resolve(ok(alice));
  expect(await verify()).toMatchObject({ ok: true, cacheHit: false });
});

describe('equal questions at the same time', () => {
  let settle: (result: Result<ReportedIdentity>) => void;
  beforeEach(() => {
    answer = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
  });

  test('are asked once', async () => {
    const both = Promise.all([verify(), verify()]);
    settle(ok(alice));
    expect(await both).toMatchObject([{ ok: true }, { ok: true }]);
    expect(asked).toBe(1);
  });

  test('share a failure, and the next one asks anew', async () => {
    const both = Promise.all([verify(), verify()]);
    settle(throttled);
    expect(await both).toMatchObject([{ ok: false }, { ok: false }]);
    const next = verify();
    settle(ok(alice));
    expect(await next).toMatchObject({ ok: true });
    expect(asked).toBe(2);
  });

  test('for another cluster are another question', async () => {
    const one = verify('token', 'demo');
    settle(ok(alice));
    const other = verify('token', 'other');
    settle(ok(alice));
    await Promise.all([one, other]);
    expect(asked).toBe(2);
  });

  test('one that gives up leaves the others their answer', async () => {
    const impatient = new AbortController();
    const first = verifier.verify('token', request, 'demo', impatient.signal);
    const second = verify();
    impatient.abort();
    expect(await first).toMatchObject({
      ok: false,
      failure: { code: 'sts_unreachable', data: { cause: 'out of time' } },
    });
    settle(ok(alice));
    expect(await second).toMatchObject({ ok: true });
    expect(await verify()).toMatchObject({ cacheHit: true });
  });

  test('one that has given up before it asks still leaves an answer behind', async () => {
    expect(await verifier.verify('token', request, 'demo', AbortSignal.abort())).toMatchObject({ ok: false });
    settle(ok(alice));
    expect(await verify()).toMatchObject({ ok: true });
  });
});

test('a transport that breaks is not remembered either', async () => {
  answer = () => Promise.reject(new Error('a defect'));
  await expect(verify()).rejects.toThrow('a defect');
  answer = () => Promise.resolve(ok(alice));
  expect(await verify()).toMatchObject({ ok: true });
});
