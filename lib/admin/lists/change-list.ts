/** The change log, as the API lists it: by target, or by time, month after month from the newest. */
import * as v from 'valibot';
import type { Instant, UnreadableItem } from '../../errors.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { ChangeOutcome, ChangeRecord } from '../../store/change-record.ts';
import { unreadableItemOf } from '../../store/layout/unreadable.ts';
import type { ChangeQuery, Page, Store } from '../../store/ports.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { parallelism } from '../limits.ts';
import { invalidCursor, pageOrThrow, valueOrThrow } from './store-results.ts';

type Log = Pick<Store, 'listChanges' | 'wasApplied'>;

export interface ChangeFilter {
  readonly target?: string | undefined;
  readonly actor?: string | undefined;
  readonly since?: Instant | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export type ListedChange = ChangeRecord & { readonly fate: ChangeOutcome };

const positionSchema = v.strictObject({
  month: v.optional(v.pipe(v.string(), v.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/))),
  inner: v.optional(v.string()),
});

/** Months read for one page: a quiet deployment has empty ones. */
const monthsPerPage = 12;
/** No deployment has a log from before this month. */
const oldestMonth = '2026-01';

/** A page can be short, or empty, and still have a cursor: `actor` is compared here. */
export async function listChanges(log: Log, filter: ChangeFilter, now: Instant): Promise<Page<ListedChange>> {
  const position = filter.cursor === undefined ? {} : decodeCursor(positionSchema, filter.cursor);
  const { target } = filter;
  if (!isOfThisLog(position, target, now)) throw invalidCursor();
  const { items, cursor, unreadable } =
    target === undefined
      ? await byMonth(log, filter, position.month ?? monthOf(now), position.inner)
      : await onePage(log, { target }, filter, position.inner);
  const wanted = items.filter(({ actor, at }) => isWanted(filter, actor, at));
  return {
    items: await mapConcurrently(wanted, parallelism, async (change) => withOutcome(log, change)),
    cursor,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

/** A position by month is in a month that the log can have; one of a target has none. */
const isOfThisLog = (
  { month, inner }: v.InferOutput<typeof positionSchema>,
  target: string | undefined,
  now: Instant,
): boolean => {
  if (target !== undefined) return month === undefined;
  if (month === undefined) return inner === undefined;
  return month >= oldestMonth && month <= monthOf(now);
};

/** `unknown` also if an item that would tell cannot be read: a damaged record does not hide its changes. */
export async function withOutcome(
  log: Pick<Store, 'wasApplied'>,
  change: ChangeRecord,
): Promise<ListedChange> {
  const outcome = await log.wasApplied(change);
  const isUnreadable = !outcome.ok && unreadableItemOf(outcome.failure) !== undefined;
  return { ...change, fate: isUnreadable ? 'unknown' : valueOrThrow(outcome) };
}

const isWanted = ({ actor, since }: ChangeFilter, by: string, at: string): boolean =>
  (actor === undefined || actor === by) && (since === undefined || Date.parse(at) >= since);

async function onePage(
  log: Log,
  query: ChangeQuery,
  { limit }: ChangeFilter,
  inner: string | undefined,
): Promise<Page<ChangeRecord>> {
  const page = await pageOrThrow(log.listChanges(query, { limit, cursor: inner }));
  return { ...page, cursor: page.cursor === undefined ? undefined : encodeCursor({ inner: page.cursor }) };
}

async function byMonth(
  log: Log,
  { limit, since }: ChangeFilter,
  start: string,
  startInner: string | undefined,
): Promise<Page<ChangeRecord>> {
  const last = since === undefined ? oldestMonth : monthOf(since);
  const items: ChangeRecord[] = [];
  const unreadable: UnreadableItem[] = [];
  let month = start;
  let inner = startInner;
  for (let read = 0; read < monthsPerPage && month >= last; read += 1) {
    const request = { limit: limit - items.length, cursor: inner };
    const page: Page<ChangeRecord> = await pageOrThrow(log.listChanges({ month, since }, request));
    items.push(...page.items);
    unreadable.push(...(page.unreadable ?? []));
    inner = page.cursor;
    if (inner === undefined) month = monthBefore(month);
    if (items.length >= limit) break;
  }
  return {
    items,
    cursor: month >= last ? encodeCursor({ month, inner }) : undefined,
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

const monthOf = (instant: Instant): string => new Date(instant).toISOString().slice(0, 7);

const monthBefore = (month: string): string => monthOf(Date.parse(`${month}-01T00:00:00Z`) - 1);
