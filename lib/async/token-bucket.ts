/** Token buckets: how often each key may do something, with a burst. */
import type { Instant } from '../errors.ts';

export interface Rate {
  readonly perSecond: number;
  /** What an unused bucket holds: so many at once, and then `perSecond`. */
  readonly burst: number;
}

/** A class, because there is state: a bucket for each key, up to `maximumKeys`. */
export class TokenBuckets {
  /**
   * When each bucket will be full again: one instant shows how full it is, and adds up no rounding. A Map keeps the order of insertion: the
   * first key is the least recently used one.
   */
  readonly #fullAt = new Map<string, Instant>();
  /** Milliseconds until one token is back. */
  readonly #cost: number;
  readonly #burst: number;
  readonly #maximumKeys: number;
  readonly #clock: () => Instant;

  /** @param clock milliseconds; never set back (lib/async/steady-clock.ts) */
  constructor({ perSecond, burst }: Rate, maximumKeys: number, clock: () => Instant) {
    this.#cost = 1000 / perSecond;
    this.#burst = burst;
    this.#maximumKeys = maximumKeys;
    this.#clock = clock;
  }

  get size(): number {
    return this.#fullAt.size;
  }

  /** Removes one token from the key's bucket. `false`: it holds none, and is left as it is. An evicted bucket begins again as a full one. */
  take(key: string): boolean {
    const now = this.#clock();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now);
    const isGranted = fullAt - now <= (this.#burst - 1) * this.#cost;
    this.#fullAt.delete(key);
    this.#fullAt.set(key, isGranted ? fullAt + this.#cost : fullAt);
    for (const oldest of this.#fullAt.keys()) {
      if (this.#fullAt.size <= this.#maximumKeys) break;
      this.#fullAt.delete(oldest);
    }
    return isGranted;
  }
}
