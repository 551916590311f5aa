import { beforeEach, describe, expect, test } from 'vitest';
import { denied, ok, unavailable } from '../../../lib/errors.ts';
import type { Result } from '../../../lib/errors.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import { sparingUnansweringHosts } from '../../../lib/token/unanswering-hosts.ts';
import type { AskSts } from '../../../lib/token/sts.ts';
import { request as local } from '../../fuzz/sts-answer-data.ts';

const far = { ...local, host: 'sts.ap-southeast-7.amazonaws.com', region: 'ap-southeast-7' };
const { host } = far;
const identity = { accountId: '111122223333' } as ReportedIdentity;

let now: number;
let asked: number;
let answer: Result<ReportedIdentity>;
let ask: AskSts;
beforeEach(() => {
  now = 0;
  asked = 0;
  answer = unavailable('sts_unreachable', { host, cause: 'ENOTFOUND' });
  const inner: AskSts = (request) => {
    asked += 1;
    const isUnreachable = !answer.ok && answer.failure.code === 'sts_unreachable';
    return Promise.resolve(
      isUnreachable ? unavailable('sts_unreachable', { host: request.host, cause: 'ENOTFOUND' }) : answer,
    );
  };
  ask = sparingUnansweringHosts(inner, { region: 'us-east-1', steadyClock: () => now });
});

/** How many of so many requests were sent. */
async function sent(requests: number, request = far): Promise<number> {
  const before = asked;
  for (let index = 0; index < requests; index += 1) await ask(request, 'demo');
  return asked - before;
}

const elsewhere = (cause: string) => unavailable('sts_unreachable', { host, cause, elsewhere: true });

describe('a host of another region that does not answer', () => {
  test('is held back after three failures in a row, and answered for at once', async () => {
    expect(await sent(2)).toBe(2);
    expect(await ask(far, 'demo')).toEqual(elsewhere('ENOTFOUND'));
    expect(await ask(far, 'demo')).toEqual(elsewhere('it has not answered before'));
    expect(await sent(1000)).toBe(0);
  });

  test('is tried by one request every 5 s, for 30 s at most', async () => {
    await sent(3);
    const perSecond: number[] = [];
    for (now = 999; now < 30_000; now += 1000) perSecond.push(await sent(20));
    const trials = perSecond.flatMap((count, second) => (count === 0 ? [] : [[second, count]]));
    // The first second in which 5 s have passed since the trial before it.
    expect(trials).toEqual([5, 10, 15, 20, 25].map((second) => [second, 1]));
    now = 30_000;
    expect(await sent(10)).toBe(3);
  });

  test('is asked again by all as soon as a trial is answered', async () => {
    await sent(3);
    answer = ok(identity);
    now = 4999;
    expect(await ask(far, 'demo')).toMatchObject({ ok: false });
    now = 5000;
    expect(await ask(far, 'demo')).toEqual(ok(identity));
    expect(await sent(10)).toBe(10);
  });

  test.each([
    ['an identity', ok(identity)],
    ['a refusal', denied('signature_mismatch', { clusterId: 'demo' })],
    ['throttling', unavailable('sts_throttled', { host })],
    ['an answer of another shape', unavailable('sts_bad_answer', { host, rule: 'has status 500' })],
  ])('is held back only if nothing came in between: %s', async (_, between) => {
    const failure = answer;
    await sent(2);
    answer = between;
    expect(await ask(far, 'demo')).toEqual(between);
    answer = failure;
    expect(await sent(10)).toBe(3);
  });

  test('is held back by itself: other hosts are asked', async () => {
    await sent(10);
    expect(await sent(1, { ...far, host: 'sts.eu-west-1.amazonaws.com', region: 'eu-west-1' })).toBe(1);
  });

  test('is not held back for longer by failures of requests that were under way', async () => {
    const open: ((result: Result<ReportedIdentity>) => void)[] = [];
    const slow: AskSts = () => {
      asked += 1;
      return new Promise((resolve) => open.push(resolve));
    };
    ask = sparingUnansweringHosts(slow, { region: 'us-east-1', steadyClock: () => now });
    const all = Array.from({ length: 10 }, () => ask(far, 'demo'));
    for (const settle of open.slice(0, 3)) settle(answer);
    await Promise.all(all.slice(0, 3));
    now = 4000;
    for (const settle of open.slice(3)) settle(answer);
    await Promise.all(all);
    now = 30_000;
    void ask(far, 'demo');
    expect(asked).toBe(11);
  });
});

test.each(['sts.us-east-1.amazonaws.com', 'sts-fips.us-east-1.amazonaws.com', 'sts.amazonaws.com'])(
  'a host of the own region is never held back, and its failure is not marked: %s',
  async (own) => {
    expect(await sent(50, { ...local, host: own })).toBe(50);
    expect(await ask({ ...local, host: own }, 'demo')).toEqual(
      unavailable('sts_unreachable', { host: own, cause: 'ENOTFOUND' }),
    );
  },
);
