/**
 * Clusters with their webhook tokens, cached: apiservers ask hundreds of times a second, and clusters change rarely. Failed
 * reads are not cached.
 */
import type { ClusterReader } from './authenticate-cluster.ts';
import { ok, unavailable } from '../errors.ts';
import type { Instant, Result, Unavailable } from '../errors.ts';
import { ExpiringCache } from '../async/expiring-cache.ts';
import { SingleFlight, unlessAborted } from '../async/single-flight.ts';
import type { ClusterWithTokens, ReviewReader } from '../store/ports.ts';

type Found = Result<ClusterWithTokens | undefined, Unavailable>;

/** Milliseconds. A removed webhook token and a disabled cluster take effect within this time. */
const knownLifetime = 30_000;
/** If a token does not match, the cluster is read again; but a wrong token costs one read in this time at most. */
const freshAge = 1000;
const unknownLifetime = 5000;
const maximumKnown = 10_000;
/** Any caller can invent ids: unknown ones have a cache of their own, and evict no cluster. */
const maximumUnknown = 1000;
/** A read that callers share has a time-out of its own: none of them may end it for the others. */
const readTimeout = 3000;

export function createClusterCache(
  store: Pick<ReviewReader, 'readCluster'>,
  clock: () => Instant,
): ClusterReader {
  const known = new ExpiringCache<ClusterWithTokens>(maximumKnown, clock);
  const unknown = new ExpiringCache<true>(maximumUnknown, clock);
  const reads = new SingleFlight<Found>();

  const read = async (id: string): Promise<Found> => {
    // The age counts from before the read: a write that it missed may be as old.
    const readAt = clock();
    const found = await store.readCluster(id, AbortSignal.timeout(readTimeout));
    if (!found.ok) return found;
    if (found.value === undefined) {
      known.delete(id);
      unknown.set(id, true, unknownLifetime, readAt);
    } else {
      unknown.delete(id);
      known.set(id, found.value, knownLifetime, readAt);
    }
    return found;
  };

  const readWithin = async (id: string, maximumAge: number, signal: AbortSignal): Promise<Found> => {
    const cached = known.get(id, maximumAge);
    if (cached !== undefined) return ok(cached);
    if (unknown.get(id, maximumAge) === true) return ok(undefined);
    const found = reads.run(id, () => read(id));
    return unlessAborted(found, signal, () => unavailable('store_unavailable', { cause: 'aborted' }));
  };

  return {
    readCluster: (id, signal) => readWithin(id, knownLifetime, signal),
    readClusterAgain: (id, signal) => readWithin(id, freshAge, signal),
  };
}
