import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import type { UnreadableItem } from '../../../lib/errors.ts';
import { pagesOf, readCompleteList, readWholeList } from '../../../lib/store/pages.ts';
import type { List } from '../../../lib/store/pages.ts';
import type { ListResult, PageRequest } from '../../../lib/store/ports.ts';

const damaged: UnreadableItem = { kind: 'set', key: 'prod', reason: 'it is damaged' };
const failure = unavailable('store_unavailable', { cause: 'ECONNRESET' });

/** A list of these pages, in this order, and the requests that it got. */
function listOf(...pages: ListResult<string>[]): { list: List<string>; requests: PageRequest[] } {
  const requests: PageRequest[] = [];
  const list: List<string> = async (request) => {
    requests.push(request);
    return pages[requests.length - 1]!;
  };
  return { list, requests };
}
const threePages = () =>
  listOf(
    ok({ items: ['a'], cursor: '1' }),
    ok({ items: [], cursor: '2', unreadable: [damaged] }),
    ok({ items: ['b', 'c'] }),
  );

describe('a whole list', () => {
  test('is read page after page, each with the cursor of the page before, until a page has none', async () => {
    const { list, requests } = threePages();
    expect(await readWholeList(list)).toEqual(ok({ items: ['a', 'b', 'c'], unreadable: [damaged] }));
    expect(requests.map(({ cursor }) => cursor)).toEqual([undefined, '1', '2']);
  });

  test('is read by 200 items a page, or by the given limit', async () => {
    const signal = new AbortController().signal;
    const byDefault = threePages();
    await readWholeList(byDefault.list);
    expect(byDefault.requests[0]).toMatchObject({ limit: 200, signal: undefined });
    const byRequest = threePages();
    await readWholeList(byRequest.list, { limit: 7, signal });
    expect(byRequest.requests).toMatchObject([{ limit: 7, signal }, { limit: 7 }, { limit: 7 }]);
  });

  test('is unavailable if one page is, and no further page is read', async () => {
    const { list, requests } = listOf(ok({ items: ['a'], cursor: '1' }), failure, ok({ items: [] }));
    expect(await readWholeList(list)).toEqual(failure);
    expect(requests).toHaveLength(2);
  });

  test('throws if the list refuses its own cursor, which only a defect can cause', async () => {
    const { list } = listOf(ok({ items: ['a'], cursor: '1' }), {
      ok: false,
      failure: { outcome: 'invalid', code: 'invalid_cursor' },
    });
    await expect(readWholeList(list)).rejects.toThrow('refused its own cursor');
  });
});

test('pagesOf reads no page ahead of its consumer', async () => {
  const { list, requests } = threePages();
  for await (const page of pagesOf(list)) {
    expect(page.ok).toBe(true);
    break;
  }
  expect(requests).toHaveLength(1);
});

describe('a complete list', () => {
  test('is unavailable if one of its items cannot be read, and names the item', async () => {
    expect(await readCompleteList(threePages().list)).toMatchObject({
      ok: false,
      failure: { outcome: 'unavailable', code: 'store_unavailable', data: { item: damaged } },
    });
  });

  test('omits an unreadable item that the caller calls irrelevant', async () => {
    const result = await readCompleteList(threePages().list, ({ key }) => key === 'prod');
    expect(result).toEqual(ok(['a', 'b', 'c']));
  });
});
