import { describe, expect, test } from 'vitest';
import { answerMilliseconds, withinDeadline } from '../../../lib/async/deadline.ts';
import { lazy } from '../../../lib/async/lazy.ts';

const late = { outcome: 'unavailable', code: 'deadline_exceeded', data: { milliseconds: 20 } };

describe('a deadline', () => {
  test('leaves room for five tries within the 30 s of an apiserver', () => {
    // Its own waits between tries are 4.9 s at most.
    expect(5 * answerMilliseconds + 4900).toBeLessThan(30_000);
  });

  test('does not touch what is in time', async () => {
    let signal: AbortSignal | undefined;
    expect(
      await withinDeadline(1000, async (given) => {
        signal = given;
        return 1;
      }),
    ).toBe(1);
    expect(signal?.aborted).toBe(false);
  });

  test('ends the wait for work that ignores its signal, and aborts it', async () => {
    let signal: AbortSignal | undefined;
    const result = await withinDeadline(20, (given) => {
      signal = given;
      return new Promise<number>(() => {});
    });
    expect(result).toEqual(late);
    expect(signal?.aborted).toBe(true);
  });

  test('drops what the work throws after it', async () => {
    const result = await withinDeadline(
      20,
      (signal) =>
        new Promise<number>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('too late')));
        }),
    );
    expect(result).toEqual(late);
  });
});

describe('lazy', () => {
  test('builds once, for all who ask at once', async () => {
    let builds = 0;
    const value = lazy(() => (builds += 1));
    expect(await Promise.all([value(), value()])).toEqual([1, 1]);
    expect(await value()).toBe(1);
  });

  test('does not keep a build that failed', async () => {
    let builds = 0;
    const value = lazy(async () => {
      builds += 1;
      if (builds === 1) throw new Error('an outage');
      return builds;
    });
    await expect(Promise.all([value(), value()])).rejects.toThrow('an outage');
    expect(await value()).toBe(2);
    expect(await value()).toBe(2);
  });
});
