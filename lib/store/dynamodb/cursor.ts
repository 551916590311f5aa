/** Pages of a list, and their cursors: opaque text that encodes the position in the list. */
import type { ListResult, PageRequest } from '../ports.ts';
import { ok } from '../../errors.ts';
import type { UnreadableItem } from '../../errors.ts';
import type { KeyedItem, PlainItem } from '../layout/items.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { isRefused } from './table-client.ts';
import type { RangeQuery, TableClient } from './table-client.ts';

const invalidCursor = { ok: false, failure: { outcome: 'invalid', code: 'invalid_cursor' } } as const;

/** In the order in which a cursor holds them. The partition comes first: a cursor is valid for its own list only. */
const attributesOf = (query: Pick<RangeQuery, 'index'>): readonly string[] =>
  query.index ? ['gsi1pk', 'gsi1sk', 'pk', 'sk'] : ['pk', 'sk'];

function encodeCursor(query: Pick<RangeQuery, 'index'>, lastKey: PlainItem): string {
  const parts = attributesOf(query).map((name) => lastKey[name]);
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** `undefined` unless the cursor is of this list: clients hand back what they like. */
function decodeCursor(query: Omit<RangeQuery, 'limit' | 'start'>, cursor: string): PlainItem | undefined {
  const parts = parseStrings(cursor);
  const names = attributesOf(query);
  if (parts?.length !== names.length || parts[0] !== query.partition) return undefined;
  if (parts.includes('') || !isInRange(query.sort, parts[1])) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, parts[index]]));
}

/** DynamoDB refuses a start outside of the range that is read. */
function isInRange(sort: RangeQuery['sort'], key = ''): boolean {
  if (sort === undefined) return true;
  return 'prefix' in sort ? key.startsWith(sort.prefix) : sort.from <= key && key <= sort.to;
}

/** `Buffer` skips what is not base64url, and replaces what is not UTF-8: only text that encodes to itself is a cursor. */
function parseStrings(cursor: string): readonly string[] | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') !== cursor) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One page of a list. `decode` returns `undefined` for an item that the list leaves out: a page can hold fewer items
 * than its limit and still have a cursor. An item that cannot be read is named beside the others.
 */
export async function listPage<T>(
  client: TableClient,
  query: Omit<RangeQuery, 'limit' | 'start'>,
  page: PageRequest,
  decode: (item: KeyedItem) => Decoded<T | undefined>,
): Promise<ListResult<T>> {
  const start = page.cursor === undefined ? undefined : decodeCursor(query, page.cursor);
  if (page.cursor !== undefined && start === undefined) return invalidCursor;
  const answer = await client.query({ ...query, limit: page.limit, start }, page.signal);
  // The query is ours, and so is right: only its start can be what DynamoDB refuses, such as a key that is too long.
  if (!answer.ok) return start !== undefined && isRefused(answer.failure) ? invalidCursor : answer;
  const items: T[] = [];
  const unreadable: UnreadableItem[] = [];
  for (const item of answer.value.items) {
    const decoded = decode(item);
    if (!decoded.ok) unreadable.push(decoded.failure.data.item);
    else if (decoded.value !== undefined) items.push(decoded.value);
  }
  for (const item of unreadable) client.onUnreadable(item);
  const { lastKey } = answer.value;
  return ok({
    items,
    ...(lastKey === undefined ? {} : { cursor: encodeCursor(query, lastKey) }),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  });
}
