import { expect, test } from 'vitest';
import { compareText } from '../../../lib/json/compare-text.ts';

test('compareText orders by code units, in every locale', () => {
  expect(['b', 'a', 'B', 'ä', 'a'].toSorted(compareText)).toEqual(['B', 'a', 'a', 'b', 'ä']);
  expect(compareText('a', 'a')).toBe(0);
});
