/** Reads a list page after page: the one loop that follows a cursor. */
import { ok } from '../errors.ts';
import type { Result, Unavailable, UnreadableItem } from '../errors.ts';
import { unreadableFailure } from './layout/unreadable.ts';
import type { ListResult, Page, PageRequest } from './ports.ts';

/** A list of the store, with every argument bound but the page. */
export type List<T> = (page: PageRequest) => Promise<ListResult<T>>;

/** The most items that a page can have: 1 to 200. */
const wholePage = 200;

/** Yields page after page to the end of the list; ends after the first failure, which it yields too. */
export async function* pagesOf<T>(
  list: List<T>,
  { limit = wholePage, signal }: Pick<Partial<PageRequest>, 'limit' | 'signal'> = {},
): AsyncGenerator<Result<Page<T>, Unavailable>> {
  let cursor: string | undefined;
  do {
    const page: ListResult<T> = await list({ limit, cursor, signal });
    if (!page.ok) {
      // The cursor is the list's own: it is invalid only by a defect.
      if (page.failure.outcome === 'invalid') throw new Error('A list refused its own cursor.');
      yield { ok: false, failure: page.failure };
      return;
    }
    yield page;
    ({ cursor } = page.value);
  } while (cursor !== undefined);
}

export interface WholeList<T> {
  readonly items: readonly T[];
  /** Items of the list that cannot be read: never count them as absent. */
  readonly unreadable: readonly UnreadableItem[];
}

/** A whole list in memory. */
export async function readWholeList<T>(
  list: List<T>,
  request: Pick<Partial<PageRequest>, 'limit' | 'signal'> = {},
): Promise<Result<WholeList<T>, Unavailable>> {
  const items: T[] = [];
  const unreadable: UnreadableItem[] = [];
  for await (const page of pagesOf(list, request)) {
    if (!page.ok) return page;
    items.push(...page.value.items);
    unreadable.push(...(page.value.unreadable ?? []));
  }
  return ok({ items, unreadable });
}

/**
 * A whole list, complete or *unavailable*: it fails if one of its items cannot be read.
 * @param isIrrelevant names items that may be left out although they cannot be read. Default: none
 */
export async function readCompleteList<T>(
  list: List<T>,
  isIrrelevant: (item: UnreadableItem) => boolean = () => false,
): Promise<Result<readonly T[], Unavailable>> {
  const whole = await readWholeList(list);
  if (!whole.ok) return whole;
  const missing = whole.value.unreadable.find((item) => !isIrrelevant(item));
  return missing === undefined ? ok(whole.value.items) : unreadableFailure(missing);
}
