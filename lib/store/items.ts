/** What all items of the table have in common, around the record itself. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { ItemKey } from './keys.ts';

/** An item in DynamoDB's own JSON: `{"pk": {"S": "…"}}`. */
export type WireItem = Parameters<typeof unmarshall>[0];

/** An item as plain values. */
export type PlainItem = Readonly<Record<string, unknown>>;

/** An item with its key. */
export type KeyedItem = PlainItem & ItemKey;

/** Bookkeeping of every written item; `record` holds the rest. */
const Envelope = z.object({
  pk: z.string(),
  sk: z.string(),
  version: z.int().check(z.positive()),
  changeId: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  fence: z.optional(z.int()),
  deleted: z.optional(z.literal(true)),
  record: z.optional(z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

/** The bookkeeping that a writer gives. */
export type Bookkeeping = Pick<
  Envelope,
  'version' | 'changeId' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy' | 'fence'
>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only the outer shape: `toPlain` finds out the rest. */
export const isWireItem = (value: unknown): value is WireItem =>
  isObject(value) && Object.values(value).every(isObject);

/** `undefined` where it is not DynamoDB's JSON. */
export function toPlain(item: unknown): PlainItem | undefined {
  if (!isWireItem(item)) return undefined;
  try {
    return unmarshall(item);
  } catch {
    return undefined;
  }
}

/** `undefined` where bookkeeping is missing or wrong: such an item is unreadable, never absent. */
export function toEnvelope(item: PlainItem): Envelope | undefined {
  const parsed = Envelope.safeParse(item);
  return parsed.success && (parsed.data.deleted === true) === (parsed.data.record === undefined)
    ? parsed.data
    : undefined;
}

/** Tombstones are kept for 30 days: a re-creation within that time continues the version. */
export const tombstoneMilliseconds = 30 * 24 * 60 * 60 * 1000;

/** TTL wants whole seconds since the epoch. */
export const ttlAt = (instant: number): number => Math.ceil(instant / 1000);

/** What a delete leaves: no record, and no index keys, so that no list shows it. */
export const toTombstone = (key: ItemKey, bookkeeping: Bookkeeping): KeyedItem => ({
  ...key,
  ...bookkeeping,
  deleted: true,
  ttl: ttlAt(Date.parse(bookkeeping.updatedAt) + tombstoneMilliseconds),
});
