/** Remembers values until a moment, and the least lately used no longer than there is room. */
import type { Instant } from '../errors.ts';

interface Entry<T> {
  readonly value: T;
  readonly expiresAt: Instant;
}

/** A class, because there is state. Keys must be hashes where what they stand for is secret. */
export class ExpiringCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #maximumEntries: number;

  constructor(maximumEntries: number) {
    this.#maximumEntries = maximumEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, now: Instant): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion: what is put back is the last to be dropped.
    this.#entries.delete(key);
    if (entry.expiresAt <= now) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T, expiresAt: Instant): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maximumEntries) return;
      this.#entries.delete(oldest);
    }
  }
}
