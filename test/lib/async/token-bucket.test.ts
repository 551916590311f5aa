import { describe, expect, test } from 'vitest';
import { TokenBuckets } from '../../../lib/async/token-bucket.ts';

function createBuckets({ perSecond = 10, burst = 20, keys = 3 } = {}) {
  const clock = { now: 5000 };
  const buckets = new TokenBuckets({ perSecond, burst }, keys, () => clock.now);
  /** How many of the tries are granted. */
  const granted = (tries: number, key = 'demo'): number =>
    Array.from({ length: tries }, () => buckets.take(key)).filter(Boolean).length;
  return { clock, buckets, granted };
}

describe('a token bucket', () => {
  test('grants its burst at once, and then nothing', () => {
    expect(createBuckets().granted(100)).toBe(20);
  });

  test('is filled by its rate: a refusal costs nothing', () => {
    const { clock, granted } = createBuckets();
    granted(1000);
    clock.now += 99;
    expect(granted(1000)).toBe(0);
    clock.now += 1;
    expect(granted(1000)).toBe(1);
    clock.now += 1000;
    expect(granted(1000)).toBe(10);
  });

  test('never holds more than its burst', () => {
    const { clock, granted } = createBuckets();
    granted(1);
    clock.now += 3_600_000;
    expect(granted(1000)).toBe(20);
  });

  test('of one key is not used up by another key', () => {
    const { granted } = createBuckets();
    expect(granted(1000, 'flooded')).toBe(20);
    expect(granted(1000, 'demo')).toBe(20);
  });
});

test('the number of buckets is bounded, and the bucket that was used last is kept', () => {
  const { buckets, granted } = createBuckets();
  granted(20, 'flooded');
  for (const key of ['a', 'b', 'c', 'd']) {
    granted(1, key);
    expect(granted(1, 'flooded')).toBe(0);
  }
  expect(buckets.size).toBe(3);
  // An evicted bucket is full again.
  expect(granted(100, 'a')).toBe(20);
});
