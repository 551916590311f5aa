import { describe, expect, test } from 'vitest';
import { lazy } from '../../../lib/async/lazy.ts';

describe('lazy', () => {
  test('concurrent uses share one build, which is kept', async () => {
    let builds = 0;
    const value = lazy(() => (builds += 1));
    expect(await Promise.all([value(), value()])).toEqual([1, 1]);
    expect(await value()).toBe(1);
  });

  test('a failed build is not kept', async () => {
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
