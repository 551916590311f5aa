import { describe, expect, test } from 'vitest';
import { backOff } from '../../../lib/async/backoff.ts';

const { signal } = new AbortController();

async function waited(attempt: number, random: number): Promise<number> {
  const start = performance.now();
  expect(await backOff(attempt, () => random, signal)).toBe(true);
  return performance.now() - start;
}

describe('backOff', () => {
  test.each([
    [1, 50],
    [2, 100],
    [3, 200],
    [4, 400],
    [5, 400],
  ])('the wait before attempt %i is a random part of %i ms', async (attempt, limit) => {
    // A timer of Node.js may fire a millisecond early.
    expect(await waited(attempt, 0.2)).toBeGreaterThanOrEqual(limit * 0.2 - 1.5);
  });

  test('the wait does not grow without limit', async () => {
    expect(await waited(100, 0.01)).toBeLessThan(4000);
  });

  test('an abort ends the wait, and no further attempt is to be made', async () => {
    const controller = new AbortController();
    const wait = backOff(10, () => 1, controller.signal);
    controller.abort();
    expect(await wait).toBe(false);
    expect(await backOff(10, () => 1, AbortSignal.abort())).toBe(false);
  });
});
