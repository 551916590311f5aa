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

describe('a verified identity', () => {
  test('is the one that STS reports', async () => {
    answer = () => {
      now += 40;
      return Promise.resolve(ok(alice));
    };
    expect(await verify()).toEqual({ ok: true, value: alice, cacheHit: false, stsMilliseconds: 40 });
  });

  test('is cached for less than a minute', async () => {
    await verify();
    now += 60 * second - 1;
    expect(await verify()).toEqual({ ok: true, value: alice, cacheHit: true, stsMilliseconds: 0 });
    now += 1;
    expect(await verify()).toMatchObject({ cacheHit: false });
    expect(asked).toBe(2);
  });

  test("is not cached past the token's life", async () => {
    const change = { expiresAt: start + 5 * second };
    await verify('token', 'demo', change);
    now += 5 * second - 1;
    expect(await verify('token', 'demo', change)).toMatchObject({ cacheHit: true });
    now += 1;
    expect(await verify('token', 'demo', change)).toMatchObject({ cacheHit: false });
  });

  test('is never one of another key or partition than the token', async () => {
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
  ])('is not shared with %s', async (_, token, clusterId) => {
    await verify('token', 'demo');
    expect(await verify(token, clusterId)).toMatchObject({ cacheHit: false });
  });
});

describe('a refusal by STS', () => {
  test('is cached for 10 s', async () => {
    answer = () => Promise.resolve(mismatch);
    expect(await verify()).toEqual({ ...mismatch, cacheHit: false, stsMilliseconds: 0 });
    now += 10 * second - 1;
    expect(await verify()).toEqual({ ...mismatch, cacheHit: true, stsMilliseconds: 0 });
    now += 1;
    answer = () => Promise.resolve(ok(alice));
    expect(await verify()).toMatchObject({ ok: true });
  });

  test('evicts no identity, however many there are', async () => {
    await verify('right');
    answer = () => Promise.resolve(mismatch);
    for (let index = 0; index < 10_001; index += 1) await verify(`wrong ${index}`);
    expect(await verify('right')).toMatchObject({ ok: true, cacheHit: true });
    expect(await verify('wrong 0')).toMatchObject({ cacheHit: false });
    expect(await verify('wrong 10000')).toMatchObject({ cacheHit: true });
  });
});

test('an unavailable answer of STS is never cached', async () => {
  answer = () => Promise.resolve(throttled);
  expect(await verify()).toEqual({ ...throttled, cacheHit: false, stsMilliseconds: 0 });
  answer = () => Promise.resolve(ok(alice));
  expect(await verify()).toMatchObject({ ok: true, cacheHit: false });
});

describe('concurrent verifications of one token', () => {
  let settle: (result: Result<ReportedIdentity>) => void;
  beforeEach(() => {
    answer = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
  });

  test('call STS once', async () => {
    const both = Promise.all([verify(), verify()]);
    settle(ok(alice));
    expect(await both).toMatchObject([{ ok: true }, { ok: true }]);
    expect(asked).toBe(1);
  });

  test('share a failure, and the next one calls STS again', async () => {
    const both = Promise.all([verify(), verify()]);
    settle(throttled);
    expect(await both).toMatchObject([{ ok: false }, { ok: false }]);
    const next = verify();
    settle(ok(alice));
    expect(await next).toMatchObject({ ok: true });
    expect(asked).toBe(2);
  });

  test('are not shared between clusters', async () => {
    const one = verify('token', 'demo');
    settle(ok(alice));
    const other = verify('token', 'other');
    settle(ok(alice));
    await Promise.all([one, other]);
    expect(asked).toBe(2);
  });

  test('leave the others their answer if one gives up', async () => {
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

  test('are answered even if the first had given up before it asked', async () => {
    expect(await verifier.verify('token', request, 'demo', AbortSignal.abort())).toMatchObject({ ok: false });
    settle(ok(alice));
    expect(await verify()).toMatchObject({ ok: true });
  });
});

test('an error of the transport is not cached', async () => {
  answer = () => Promise.reject(new Error('a defect'));
  await expect(verify()).rejects.toThrow('a defect');
  answer = () => Promise.resolve(ok(alice));
  expect(await verify()).toMatchObject({ ok: true });
});
