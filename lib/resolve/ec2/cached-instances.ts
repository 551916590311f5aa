/** A cache of instances before the EC2 adapter. It is part of the adapter: lib/resolve itself holds no state and asks no clock. */
import { ExpiringCache } from '../../async/expiring-cache.ts';
import { ok } from '../../errors.ts';
import type { Instant, Result, UnavailableOf } from '../../errors.ts';
import type { Instance, InstanceQuestion, InstanceReader } from '../instance.ts';

/** Milliseconds; as long as a verified identity. A node that is stopped or loses its profile is refused after that. */
const lifetime = 60_000;
const maximumEntries = 10_000;

/**
 * Caches running instances for 60 s, 10,000 of them at most, so that a fleet's kubelets do not use up the account's
 * DescribeInstances rate. Failures and unknown or stopped instances are not cached: an instance that has just started must
 * not be refused because of an earlier answer.
 */
export class CachedInstances implements InstanceReader {
  readonly #reader: InstanceReader;
  readonly #running: ExpiringCache<Instance>;
  readonly #clock: () => Instant;

  /** @param clock best a steady one (lib/async/steady-clock.ts) */
  constructor(reader: InstanceReader, clock: () => Instant) {
    this.#reader = reader;
    this.#clock = clock;
    this.#running = new ExpiringCache(maximumEntries, clock);
  }

  async readInstance(
    question: InstanceQuestion,
    signal: AbortSignal,
  ): Promise<Result<Instance | undefined, UnavailableOf<'ec2_unavailable'>>> {
    const key = `${question.partition}/${question.accountId}/${question.instanceId}`;
    const cached = this.#running.get(key);
    if (cached !== undefined) return ok(cached);
    // The age counts from before the read: what changed meanwhile may have been missed.
    const readAt = this.#clock();
    const result = await this.#reader.readInstance(question, signal);
    if (result.ok && result.value?.state === 'running')
      this.#running.set(key, result.value, lifetime, readAt);
    return result;
  }
}
