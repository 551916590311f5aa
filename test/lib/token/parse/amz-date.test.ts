import { expect, test } from 'vitest';
import { formatAmzDate, parseAmzDate } from '../../../../lib/token/parse/amz-date.ts';

test('an instant is written without fractions of a second, and read back', () => {
  const instant = Date.UTC(2028, 1, 29, 23, 59, 58);
  expect(formatAmzDate(instant + 999)).toBe('20280229T235958Z');
  expect(parseAmzDate('20280229T235958Z')).toBe(instant);
});

test.each([
  '20260229T000000Z',
  '20261301T000000Z',
  '20260101T240000Z',
  '20260101T006000Z',
  '20260101T000060Z',
  '20260101T000000z',
  '20260101T000000Z ',
  '2026-01-01T00:00:00Z',
])('the text %j is no date of SigV4', (text) => {
  expect(parseAmzDate(text)).toBeUndefined();
});

test.each(['20261122T063000Z', '20240229T235959Z', '19700101T000000Z'])(
  'the date %s of SigV4 is parsed and formatted again',
  (text) => {
    expect(formatAmzDate(parseAmzDate(text) ?? 0)).toBe(text);
  },
);
