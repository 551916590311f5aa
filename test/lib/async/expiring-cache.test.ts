import { expect, test } from 'vitest';
import { ExpiringCache } from '../../../lib/async/expiring-cache.ts';

test('a value is there until its moment', () => {
  const cache = new ExpiringCache<string>(2);
  cache.set('a', 'A', 100);
  expect(cache.get('a', 99)).toBe('A');
  expect(cache.get('a', 100)).toBeUndefined();
  expect(cache.size).toBe(0);
});

test('where there is no room, the least lately used goes', () => {
  const cache = new ExpiringCache<string>(2);
  cache.set('a', 'A', 100);
  cache.set('b', 'B', 100);
  cache.get('a', 0);
  cache.set('c', 'C', 100);
  expect(['a', 'b', 'c'].map((key) => cache.get(key, 0))).toEqual(['A', undefined, 'C']);
});

test('a new value for a key takes no more room', () => {
  const cache = new ExpiringCache<string>(2);
  for (const value of ['1', '2', '3']) cache.set('a', value, 100);
  cache.set('b', 'B', 100);
  expect([cache.get('a', 0), cache.size]).toEqual(['3', 2]);
});

test('a cache without room holds nothing', () => {
  const cache = new ExpiringCache<string>(0);
  cache.set('a', 'A', 100);
  expect(cache.size).toBe(0);
});
