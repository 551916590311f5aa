/**
 * A bounded cache: each entry expires, and the least recently used one is evicted (LRU). A clock that is set back lengthens no
 * entry's life: with a steady clock (lib/async/steady-clock.ts) its age goes on, with another one it is dropped.
 */
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
  #latest: Instant = Number.NEGATIVE_INFINITY;

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
    const now = this.#now();
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    const age = now - entry.storedAt;
    // An entry of the future is stale, not eternal.
    if (!(age >= 0 && age < entry.lifetime)) return undefined;
    this.#entries.set(key, entry);
    return age < maximumAge ? entry.value : undefined;
  }

  /**
   * @param lifetime milliseconds
   * @param storedAt when the value was true. Default: now
   */
  set(key: string, value: T, lifetime: number, storedAt: Instant = this.#now()): void {
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

  /** If the clock was set back, the age of an entry is not known: all are dropped. */
  #now(): Instant {
    const now = this.#clock();
    if (now < this.#latest) this.#entries.clear();
    this.#latest = now;
    return now;
  }
}
