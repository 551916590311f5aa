/** Single flight: concurrent callers with the same key share one in-flight call. */

/** A class, because there is state. */
export class SingleFlight<T> {
  readonly #inFlight = new Map<string, Promise<T>>();

  /** The in-flight call with this key, or a new one. What it resolves or rejects with is not kept after that. */
  run(key: string, call: () => Promise<T>): Promise<T> {
    const shared = this.#inFlight.get(key) ?? call().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, shared);
    return shared;
  }
}

/**
 * The result of a shared call, or `whenAborted()` as soon as the signal aborts: the wait of this caller ends, not the call,
 * which other callers may be waiting for.
 */
export function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal, whenAborted: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(whenAborted());
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
