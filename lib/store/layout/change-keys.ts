/** Where a change is found by its id alone: the month is in the ULID. */
import { decodeTime, encodeTime, isValid } from 'ulid';
import type { Instant } from '../../errors.ts';
import { changesPartition } from './keys.ts';
import type { ItemKey } from './keys.ts';

/** `2026-11`, in UTC. */
export const monthOf = (at: Instant): string => new Date(at).toISOString().slice(0, 7);

/** `undefined` where the text is not the id of a change: 26 characters of Crockford's base32, upper case. */
export function changeKey(id: string): ItemKey | undefined {
  if (!isValid(id) || id !== id.toUpperCase()) return undefined;
  return { pk: changesPartition(monthOf(decodeTime(id))), sk: id };
}

/** Sorts before every id that was made at that instant or later. */
export const firstIdAt = (at: Instant): string => encodeTime(Math.max(0, Math.floor(at)), 10);
