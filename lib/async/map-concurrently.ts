/**
 * `Promise.all` over a list with at most `limit` under way at once. Results are in the order of the list. The
 * first error stops the rest and is thrown once what was under way has ended.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    // Workers share one iterator: each takes the next item that nobody has taken.
    for (const [index, item] of queue) results[index] = await work(item);
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return results;
}
