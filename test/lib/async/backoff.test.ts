import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { backOff } from '../../../lib/async/backoff.ts';

vi.mock('node:timers/promises', { spy: true });

const { signal } = new AbortController();

describe('backOff', () => {
  beforeEach(() => {
    vi.mocked(sleep).mockReset();
    vi.mocked(sleep).mockResolvedValue(undefined);
  });

  test.each([
    [1, 50],
    [2, 100],
    [3, 200],
    [4, 400],
    [5, 400],
    [100, 400],
  ])('before attempt %i it waits for less than %i ms', async (attempt, limit) => {
    expect(await backOff(attempt, () => 0.5, signal)).toBe(true);
    expect(sleep).toHaveBeenLastCalledWith(limit / 2, undefined, { signal });
  });

  test('the wait may be none: full jitter', async () => {
    expect(await backOff(3, () => 0, signal)).toBe(true);
    expect(sleep).toHaveBeenLastCalledWith(0, undefined, { signal });
  });

  test('an abort ends the wait, and no further attempt is to be made', async () => {
    vi.mocked(sleep).mockRejectedValue(new Error('aborted'));
    expect(await backOff(1, () => 0.5, AbortSignal.abort())).toBe(false);
  });
});
