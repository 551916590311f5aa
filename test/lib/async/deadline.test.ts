import { describe, expect, test } from 'vitest';
import { answerMilliseconds, withinDeadline } from '../../../lib/async/deadline.ts';

const late = { outcome: 'unavailable', code: 'deadline_exceeded', data: { milliseconds: 20 } };

describe('withinDeadline', () => {
  test('the deadline of an answer leaves room for five tries within the 30 s of an apiserver', () => {
    // Its own waits between tries are 4.9 s at most.
    expect(5 * answerMilliseconds + 4900).toBeLessThan(30_000);
  });

  test('work that is in time is returned, and its signal is not aborted', async () => {
    let signal: AbortSignal | undefined;
    expect(
      await withinDeadline(1000, async (given) => {
        signal = given;
        return 1;
      }),
    ).toBe(1);
    expect(signal?.aborted).toBe(false);
  });

  test('work that ignores its signal is aborted, and no longer waited for', async () => {
    let signal: AbortSignal | undefined;
    const result = await withinDeadline(20, (given) => {
      signal = given;
      return new Promise<number>(() => {});
    });
    expect(result).toEqual(late);
    expect(signal?.aborted).toBe(true);
  });

  test('an error after the deadline is dropped', async () => {
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
