import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import { pagesOf, readCompleteList, readWholeList } from '../../../lib/store/pages.ts';
import type { List } from '../../../lib/store/pages.ts';
import type { Page } from '../../../lib/store/ports.ts';

const listOf =
  (...pages: Page<number>[]): List<number> =>
  async ({ cursor }) => {
    const at = Number(cursor ?? 0);
    const page = pages[at];
    if (page === undefined) return unavailable('store_unavailable', { cause: 'throttled' });
    return ok({ ...page, ...(at + 1 < pages.length ? { cursor: String(at + 1) } : {}) });
  };
const damaged = { kind: 'cluster', key: 'blue', reason: 'it is damaged' };

describe('lists, page after page', () => {
  test('readWholeList follows the cursor to the last page, through empty ones', async () => {
    const list = listOf({ items: [1, 2] }, { items: [] }, { items: [3] });
    expect(await readWholeList(list)).toEqual(ok({ items: [1, 2, 3], unreadable: [] }));
  });

  test('readWholeList collects the unreadable items of all pages', async () => {
    const list = listOf({ items: [1], unreadable: [damaged] }, { items: [2], unreadable: [damaged] });
    expect(await readWholeList(list)).toEqual(ok({ items: [1, 2], unreadable: [damaged, damaged] }));
  });

  test('readWholeList fails if one page fails', async () => {
    const list: List<number> = async (page) =>
      page.cursor === undefined ? ok({ items: [1], cursor: 'x' }) : listOf()(page);
    expect(await readWholeList(list)).toMatchObject({ failure: { data: { cause: 'throttled' } } });
  });

  test('readCompleteList fails if an item cannot be read, unless the caller calls it irrelevant', async () => {
    const list = listOf({ items: [1], unreadable: [damaged] });
    expect(await readCompleteList(list)).toMatchObject({ failure: { data: { item: damaged } } });
    expect(await readCompleteList(list, ({ key }) => key === 'blue')).toEqual(ok([1]));
  });

  test('pagesOf reads no page that its caller does not ask for', async () => {
    let reads = 0;
    const list: List<number> = async () => ok({ items: [(reads += 1)], cursor: 'more' });
    for await (const page of pagesOf(list)) if (page.ok && page.value.items[0] === 2) break;
    expect(reads).toBe(2);
  });

  test('a list that refuses its own cursor is a defect', async () => {
    const list: List<number> = async ({ cursor }) =>
      cursor === undefined
        ? ok({ items: [], cursor: 'x' })
        : { ok: false, failure: { outcome: 'invalid', code: 'invalid_cursor' } };
    await expect(readWholeList(list)).rejects.toThrow('A list refused its own cursor.');
  });
});
