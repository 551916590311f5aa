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
  canonicalQuery = 'query',
  clusterId = 'demo',
  change: Partial<UnverifiedRequest> = {},
): Promise<Verification> => verifier.verify({ ...request, canonicalQuery, ...change }, clusterId, open);
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
    await verify('query', 'demo', change);
    now += 5 * second - 1;
    expect(await verify('query', 'demo', change)).toMatchObject({ cacheHit: true });
    now += 1;
    expect(await verify('query', 'demo', change)).toMatchObject({ cacheHit: false });
  });

  test('is never one of another partition than the request', async () => {
    answer = () => Promise.resolve(ok({ ...alice, partition: 'aws-cn' }));
    expect(await verify()).toMatchObject({ ok: false, failure: { code: 'sts_bad_answer' } });
  });

  test('has the access key of the request, which STS does not report', async () => {
    answer = () => Promise.resolve(ok({ ...alice, accessKeyId: 'AKIADEMOMALLORY00001' }));
    expect(await verify()).toMatchObject({ ok: true, value: { accessKeyId: alice.accessKeyId } });
  });

  test.each([
    ['another request', 'other', 'demo', {}],
    ['another host', 'query', 'demo', { host: 'sts.eu-west-1.amazonaws.com' }],
    ['another cluster', 'query', 'other', {}],
    ['a boundary that has moved', 'query', 'demosts.', { host: 'us-east-1.amazonaws.com' }],
    ['a boundary with quotes', 'query","', 'demo', {}],
  ])('is not shared with %s', async (_, query, clusterId, change) => {
    await verify('query', 'demo');
    expect(await verify(query, clusterId, change)).toMatchObject({ cacheHit: false });
  });

  test('is not kept for longer by a clock that is set back', async () => {
    await verify();
    for (const [step, cacheHit] of [
      [30, true],
      [-20, false],
      [59, true],
      [-300, false],
    ] as const) {
      now += step * second;
      expect(await verify()).toMatchObject({ cacheHit });
    }
    await verify('other');
    now -= 200 * second;
    await verify();
    now += 210 * second;
    // By the clock it is 10 s old; but the clock was set back in between, so the age is not known.
    expect(await verify('other')).toMatchObject({ cacheHit: false });
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

describe('an unavailable answer of STS', () => {
  test('is cached for a second: equal tokens cost one question a second', async () => {
    answer = () => Promise.resolve(throttled);
    expect(await verify()).toEqual({ ...throttled, cacheHit: false, stsMilliseconds: 0 });
    now += second - 1;
    answer = () => Promise.resolve(ok(alice));
    expect(await verify()).toEqual({ ...throttled, cacheHit: true, stsMilliseconds: 0 });
    expect(asked).toBe(1);
    now += 1;
    expect(await verify()).toMatchObject({ ok: true, cacheHit: false });
  });

  test('is cached for its own token only', async () => {
    answer = () => Promise.resolve(throttled);
    await verify();
    answer = () => Promise.resolve(ok(alice));
    expect(await verify('other')).toMatchObject({ ok: true, cacheHit: false });
    expect(await verify('query', 'other')).toMatchObject({ ok: true, cacheHit: false });
  });

  test('evicts no identity and no refusal, however many there are', async () => {
    await verify('right');
    answer = () => Promise.resolve(mismatch);
    await verify('wrong');
    answer = () => Promise.resolve(throttled);
    for (let index = 0; index < 10_001; index += 1) await verify(`slow ${index}`);
    expect(await verify('right')).toMatchObject({ ok: true, cacheHit: true });
    expect(await verify('wrong')).toMatchObject({ ...mismatch, cacheHit: true });
    expect(await verify('slow 0')).toMatchObject({ cacheHit: false });
  });
});

test('as many answers of each kind are cached as the options allow', async () => {
  verifier = createVerifier({
    ask: () => {
      asked += 1;
      return answer();
    },
    clock: () => now,
    maximumEntries: 2,
  });
  for (const query of ['a', 'b', 'c', 'b', 'c']) await verify(query);
  expect(asked).toBe(3);
  await verify('a');
  expect(asked).toBe(4);
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

  test('share a failure, and a second later STS is called again', async () => {
    const both = Promise.all([verify(), verify()]);
    settle(throttled);
    expect(await both).toMatchObject([{ ok: false }, { ok: false }]);
    now += second;
    const next = verify();
    settle(ok(alice));
    expect(await next).toMatchObject({ ok: true });
    expect(asked).toBe(2);
  });

  test('are not shared between clusters', async () => {
    const one = verify('query', 'demo');
    settle(ok(alice));
    const other = verify('query', 'other');
    settle(ok(alice));
    await Promise.all([one, other]);
    expect(asked).toBe(2);
  });

  test('leave the others their answer if one gives up', async () => {
    const impatient = new AbortController();
    const first = verifier.verify({ ...request, canonicalQuery: 'query' }, 'demo', impatient.signal);
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
    expect(
      await verifier.verify({ ...request, canonicalQuery: 'query' }, 'demo', AbortSignal.abort()),
    ).toMatchObject({ ok: false });
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
