/** The attributes that all items have in common, besides the record itself. */
import { isRecord } from '../../json/record.ts';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { ItemKey } from './keys.ts';

/** An item in DynamoDB's own JSON: `{"pk": {"S": "…"}}`. */
export type WireItem = Parameters<typeof unmarshall>[0];

/** An item as plain values. */
export type PlainItem = Readonly<Record<string, unknown>>;

/** An item with its key. */
export type KeyedItem = PlainItem & ItemKey;

/** Bookkeeping of every written item; `record` holds the rest. */
const Envelope = v.object({
  pk: v.string(),
  sk: v.string(),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  changeId: v.string(),
  createdAt: v.string(),
  createdBy: v.string(),
  updatedAt: v.string(),
  updatedBy: v.string(),
  fence: v.optional(v.pipe(v.number(), v.safeInteger())),
  deleted: v.optional(v.literal(true)),
  record: v.optional(v.unknown()),
});
export type Envelope = v.InferOutput<typeof Envelope>;

/** The bookkeeping that a writer sets. */
export type Bookkeeping = Pick<
  Envelope,
  'version' | 'changeId' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy' | 'fence'
>;

/** Checks the outer shape only: `toPlain` checks the rest. */
export const isWireItem = (value: unknown): value is WireItem =>
  isRecord(value) && Object.values(value).every(isRecord);

/** `undefined`: it is not DynamoDB's JSON. */
export function toPlain(item: unknown): PlainItem | undefined {
  if (!isWireItem(item)) return undefined;
  try {
    return unmarshall(item);
  } catch {
    return undefined;
  }
}

/**
 * An item with its key. An attribute whose value has no JavaScript counterpart is `null`, which {@link toEnvelope} refuses: so
 * a damaged item can still be named, and nothing that it held counts as absent. `undefined`: there is no key, so it is no item
 * of a table.
 */
export function toKeyedItem(item: unknown): KeyedItem | undefined {
  const plain = toPlain(item) ?? (isRecord(item) ? withNulls(item) : undefined);
  if (typeof plain?.['pk'] !== 'string' || typeof plain['sk'] !== 'string') return undefined;
  return { ...plain, pk: plain['pk'], sk: plain['sk'] };
}

function withNulls(item: Readonly<Record<string, unknown>>): PlainItem {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    Object.assign(plain, toPlain({ [name]: value }) ?? { [name]: null });
  }
  return plain;
}

/** `undefined`: bookkeeping is missing or wrong, or an attribute is null. Such an item is unreadable, never absent. */
export function toEnvelope(item: PlainItem): Envelope | undefined {
  if (Object.values(item).includes(null)) return undefined;
  const parsed = v.safeParse(Envelope, item);
  return parsed.success && (parsed.output.deleted === true) === (parsed.output.record === undefined)
    ? parsed.output
    : undefined;
}

/** Tombstones are kept for 30 days: a re-creation within that time continues the version. */
export const tombstoneMilliseconds = 30 * 24 * 60 * 60 * 1000;

/** TTL attributes hold whole seconds since the epoch. */
export const ttlAt = (instant: number): number => Math.ceil(instant / 1000);

/** The item after a delete: without record and index keys, so that no list contains it. */
export const toTombstone = (key: ItemKey, bookkeeping: Bookkeeping): KeyedItem => ({
  ...key,
  ...bookkeeping,
  deleted: true,
  ttl: ttlAt(Date.parse(bookkeeping.updatedAt) + tombstoneMilliseconds),
});
