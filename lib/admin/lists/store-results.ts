/** The store's results, where a failure ends the request: it becomes a problem. */
import { describe } from '../../errors.ts';
import type { Result, Unavailable } from '../../errors.ts';
import { parallelism } from '../limits.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { ListResult, Page, PageRequest } from '../../store/ports.ts';
import { AdminProblem, invalidInput } from '../problem.ts';

/** @throws AdminProblem `store_unavailable` */
export async function readOrThrow<T>(result: Promise<Result<T, Unavailable>>): Promise<T> {
  const settled = await result;
  if (settled.ok) return settled.value;
  throw new AdminProblem('store_unavailable', describe(settled.failure));
}

/** @throws AdminProblem `store_unavailable`; `invalid_input` for a cursor of another list */
export async function pageOrThrow<T>(result: Promise<ListResult<T>>): Promise<Page<T>> {
  const settled = await result;
  if (settled.ok) return settled.value;
  if (settled.failure.outcome === 'unavailable') {
    throw new AdminProblem('store_unavailable', describe(settled.failure));
  }
  throw invalidCursor();
}

export const invalidCursor = (): AdminProblem =>
  invalidInput([{ path: 'cursor', message: 'This is not a cursor of this list: begin again without one.' }]);

/** Items per page where a whole list is read: the most that the store gives. */
const wholePage = 200;

/** Every item of a list, page after page. */
export async function* everyItem<T>(list: (page: PageRequest) => Promise<ListResult<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await pageOrThrow(list({ limit: wholePage, cursor }));
    yield* page.items;
    ({ cursor } = page);
  } while (cursor !== undefined);
}

/** A whole list in memory: for plans, which compare everything. */
export async function wholeList<T>(list: (page: PageRequest) => Promise<ListResult<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of everyItem(list)) items.push(item);
  return items;
}

/** Whole lists, some at once. */
export const wholeLists = async <I, T>(
  inputs: readonly I[],
  list: (input: I, page: PageRequest) => Promise<ListResult<T>>,
): Promise<T[]> =>
  (
    await mapConcurrently(inputs, parallelism, async (input) => wholeList(async (page) => list(input, page)))
  ).flat();
