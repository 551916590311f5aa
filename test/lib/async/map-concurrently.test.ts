import { describe, expect, test } from 'vitest';
import { mapConcurrently } from '../../../lib/async/map-concurrently.ts';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

describe('mapConcurrently', () => {
  test('results are in the order of the items, whichever is ready first', async () => {
    const results = await mapConcurrently([30, 1, 10], 3, async (milliseconds) => {
      await pause(milliseconds);
      return milliseconds * 2;
    });
    expect(results).toEqual([60, 2, 20]);
  });

  test('an empty list needs no work', async () => {
    expect(await mapConcurrently([], 3, async () => 1)).toEqual([]);
  });

  test('at most the limit of items is in flight, and every item is worked on once', async () => {
    let inFlight = 0;
    let most = 0;
    const seen: number[] = [];
    const items = Array.from({ length: 20 }, (_, index) => index);
    await mapConcurrently(items, 4, async (item) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      seen.push(item);
      await pause(1);
      inFlight -= 1;
    });
    expect(most).toBe(4);
    expect(seen).toEqual(items);
  });

  test('an error is thrown after the work in flight has ended', async () => {
    const ended: number[] = [];
    const mapped = mapConcurrently([1, 2], 2, async (item) => {
      if (item === 1) throw new Error('an outage');
      await pause(5);
      ended.push(item);
    });
    await expect(mapped).rejects.toThrow('an outage');
    expect(ended).toEqual([2]);
  });

  test('after an error no further item is started', async () => {
    const started: number[] = [];
    const mapped = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      await pause(1);
      if (item === 1) throw new Error('an outage');
    });
    await expect(mapped).rejects.toThrow('an outage');
    expect(started).toEqual([1, 2]);
  });
});
