import { beforeEach, expect, test } from 'vitest';
import { createSteadyClock } from '../../../lib/async/steady-clock.ts';
import { ExpiringCache } from '../../../lib/async/expiring-cache.ts';

let wall: number;
let monotonic: number;
let clock: () => number;
beforeEach(() => {
  wall = Date.parse('2026-11-22T12:00:00Z');
  monotonic = 5000;
  clock = createSteadyClock(
    () => wall,
    () => monotonic,
  );
});

test.each([
  ['both clocks advance', 40, 40, 40],
  ['the process was frozen, and its own clock stood still', 40, 0, 40],
  ['the wall clock was set back', -200, 40, 40],
  ['the wall clock was set forward', 300, 40, 300],
  ['nothing has passed', 0, 0, 0],
  ['both clocks go back, which cannot be', -200, -1, 0],
])('a steady clock advances by the larger step: %s', (_, wallStep, monotonicStep, expected) => {
  const start = clock();
  wall += wallStep;
  monotonic += monotonicStep;
  expect(clock() - start).toBe(expected);
});

test('each step of a steady clock counts from the last look', () => {
  const start = clock();
  for (const [wallStep, monotonicStep] of [
    [10, 10],
    [-200, 10],
    [30, 0],
  ] as const) {
    wall += wallStep;
    monotonic += monotonicStep;
    clock();
  }
  expect(clock() - start).toBe(50);
});

test('a cached value does not live longer if the wall clock was set back unseen', () => {
  const cache = new ExpiringCache<string>(2, clock);
  cache.set('a', 'A', 60);
  wall += 50 - 45;
  monotonic += 50;
  expect(cache.get('a')).toBe('A');
  wall += 10;
  monotonic += 10;
  expect(cache.get('a')).toBeUndefined();
});
