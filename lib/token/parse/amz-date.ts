/** The time format of SigV4: `20261122T063000Z`. */
import type { Instant } from '../../errors.ts';

const pattern = /^\d{8}T\d{6}Z$/;

/** @param instant milliseconds since the epoch; fractions of a second are cut off */
export function formatAmzDate(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** `undefined` unless it is a moment that exists: `Date` would turn February 30 into March 2. */
export function parseAmzDate(text: string): Instant | undefined {
  if (!pattern.test(text)) return undefined;
  const part = (start: number, end: number): number => Number(text.slice(start, end));
  const instant = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15));
  return formatAmzDate(instant) === text ? instant : undefined;
}
