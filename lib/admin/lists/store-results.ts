/** The store's results in a request: a failure becomes a problem. */
import { describe } from '../../errors.ts';
import type { Result, Unavailable, UnreadableItem } from '../../errors.ts';
import { parallelism } from '../limits.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { unreadableItemOf } from '../../store/layout/unreadable.ts';
import { pagesOf, readWholeList } from '../../store/pages.ts';
import type { List, WholeList } from '../../store/pages.ts';
import type { ListResult, Page, PageRequest } from '../../store/ports.ts';
import { AdminProblem, invalidInput } from '../problem.ts';

/** @throws AdminProblem `store_unavailable` */
export const readOrThrow = async <T>(result: Promise<Result<T, Unavailable>>): Promise<T> =>
  valueOrThrow(await result);

/** @throws AdminProblem `store_unavailable` */
export function valueOrThrow<T>(result: Result<T, Unavailable>): T {
  if (result.ok) return result.value;
  throw unavailableProblem(result.failure);
}

const unavailableProblem = (failure: Unavailable): AdminProblem =>
  new AdminProblem('store_unavailable', describe(failure), { unreadable: unreadableItemOf(failure) });

/** @throws AdminProblem `store_unavailable`; `invalid_input` for a cursor of another list */
export async function pageOrThrow<T>(result: Promise<ListResult<T>>): Promise<Page<T>> {
  const settled = await result;
  if (settled.ok) return settled.value;
  if (settled.failure.outcome === 'unavailable') {
    throw unavailableProblem(settled.failure);
  }
  throw invalidCursor();
}

export const invalidCursor = (): AdminProblem =>
  invalidInput([{ path: 'cursor', message: 'This is not a cursor of this list: begin again without one.' }]);

/** Every item of a list that can be read; the others are reported to `onUnreadable`. @throws AdminProblem */
export async function* everyItem<T>(
  list: List<T>,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<T> {
  for await (const page of pagesOf(list)) {
    const { items, unreadable = [] } = valueOrThrow(page);
    yield* items;
    for (const item of unreadable) onUnreadable(item);
  }
}

/** A whole list in memory: for plans, which compare everything. @throws AdminProblem */
export const wholeList = async <T>(list: List<T>): Promise<WholeList<T>> => readOrThrow(readWholeList(list));

/** Several whole lists as one, some of them read concurrently. @throws AdminProblem */
export async function wholeLists<I, T>(
  inputs: readonly I[],
  list: (input: I, page: PageRequest) => Promise<ListResult<T>>,
): Promise<WholeList<T>> {
  const lists = await mapConcurrently(inputs, parallelism, async (input) =>
    wholeList(async (page) => list(input, page)),
  );
  return {
    items: lists.flatMap(({ items }) => items),
    unreadable: lists.flatMap(({ unreadable }) => unreadable),
  };
}
