import { beforeEach, describe, expect, test } from 'vitest';
import { ExpiringCache } from '../../../lib/async/expiring-cache.ts';

describe('ExpiringCache', () => {
  let now: number;
  let cache: ExpiringCache<string>;
  beforeEach(() => {
    now = 1000;
    cache = new ExpiringCache<string>(2, () => now);
  });

  test('a value is returned until its lifetime is over, and then deleted', () => {
    cache.set('a', 'A', 100);
    now += 99;
    expect(cache.get('a')).toBe('A');
    now += 1;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('a lifetime counts from the moment that is given', () => {
    cache.set('a', 'A', 100, now - 60);
    now += 39;
    expect(cache.get('a')).toBe('A');
    now += 1;
    expect(cache.get('a')).toBeUndefined();
  });

  test.each([0, -1, Number.NaN])('a value with the lifetime %d is never returned', (lifetime) => {
    cache.set('a', 'A', lifetime);
    expect(cache.get('a')).toBeUndefined();
  });

  test('a maximum age keeps a value back, but does not delete it', () => {
    cache.set('a', 'A', 100);
    now += 10;
    expect(cache.get('a', 10)).toBeUndefined();
    expect(cache.get('a', 11)).toBe('A');
    expect(cache.get('a')).toBe('A');
  });

  test('a clock that is set back makes a value stale, not eternal', () => {
    cache.set('a', 'A', 100);
    now -= 1;
    expect(cache.get('a')).toBeUndefined();
    now += 2;
    expect(cache.get('a')).toBeUndefined();
  });

  test('a clock that is set back drops every value, looked up or not', () => {
    cache.set('a', 'A', 100);
    now += 60;
    cache.get('b');
    now -= 50;
    cache.get('b');
    now += 40;
    // Half its life after the clock was set back; 110 have passed.
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('a clock that is set back before a value is stored drops the others too', () => {
    cache.set('a', 'A', 100);
    now -= 50;
    cache.set('b', 'B', 100);
    now += 60;
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'B']);
  });

  test('a clock that stands still drops nothing', () => {
    cache.set('a', 'A', 100);
    expect([cache.get('a'), cache.get('a')]).toEqual(['A', 'A']);
  });

  test('the least recently used value is evicted from a full cache', () => {
    cache.set('a', 'A', 100);
    cache.set('b', 'B', 100);
    cache.get('a');
    cache.set('c', 'C', 100);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
  });

  test('a new value for a key needs no more room', () => {
    for (const value of ['1', '2', '3']) cache.set('a', value, 100);
    cache.set('b', 'B', 100);
    expect([cache.get('a'), cache.size]).toEqual(['3', 2]);
  });

  test('a deleted value is not returned', () => {
    cache.set('a', 'A', 100);
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  test('a cache without room holds no value', () => {
    const none = new ExpiringCache<string>(0, () => now);
    none.set('a', 'A', 100);
    expect(none.size).toBe(0);
  });
});
