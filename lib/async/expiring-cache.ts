/** A bounded cache: each entry expires, and the least recently used one is evicted (LRU). */
import type { Instant } from '../errors.ts';

interface Entry<T> {
  readonly value: T;
  readonly storedAt: Instant;
  /** Milliseconds. */
  readonly lifetime: number;
}

/** A class, because there is state. Keys must be hashes if what they stand for is secret. */
export class ExpiringCache<T> {
  // A Map keeps the order of insertion: the first key is the least recently used one.
  readonly #entries = new Map<string, Entry<T>>();
  readonly #maximumEntries: number;
  readonly #clock: () => Instant;

  constructor(maximumEntries: number, clock: () => Instant) {
    this.#maximumEntries = maximumEntries;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The cached value, if it has not expired.
   * @param maximumAge milliseconds; an entry of that age is not returned, but kept. Default: only its lifetime counts
   */
  get(key: string, maximumAge: number = Number.POSITIVE_INFINITY): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    const age = this.#clock() - entry.storedAt;
    // If the clock was set back, an entry is stale, not eternal.
    if (!(age >= 0 && age < entry.lifetime)) return undefined;
    this.#entries.set(key, entry);
    return age < maximumAge ? entry.value : undefined;
  }

  /**
   * @param lifetime milliseconds
   * @param storedAt when the value was true. Default: now
   */
  set(key: string, value: T, lifetime: number, storedAt: Instant = this.#clock()): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, storedAt, lifetime });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maximumEntries) return;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
