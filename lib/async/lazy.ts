/**
 * Builds a value at its first use and keeps it. A failed build is not kept: the next use tries again, so that a function that
 * started during an outage recovers.
 */
export function lazy<T>(build: () => T | Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return async () => {
    pending ??= Promise.resolve().then(build);
    const mine = pending;
    try {
      return await mine;
    } catch (error) {
      if (pending === mine) pending = undefined;
      throw error;
    }
  };
}
