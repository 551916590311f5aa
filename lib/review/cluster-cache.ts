/**
 * Clusters with their webhook tokens, remembered for a while: apiservers ask hundreds of times a second, and
 * clusters change rarely. Answers that failed are not remembered.
 */
import type { ClusterReader } from './authenticate-cluster.ts';
import type { Instant, Result, Unavailable } from '../errors.ts';
import { unavailable } from '../errors.ts';
import { BoundedMap } from '../async/bounded-map.ts';
import type { ClusterWithTokens, ReviewReader } from '../store/ports.ts';

type Found = Result<ClusterWithTokens | undefined, Unavailable>;

interface Remembered<T> {
  readonly readAt: Instant;
  readonly found: T;
}

/** Milliseconds. A removed webhook token and a disabled cluster take effect within this time. */
const knownFor = 30_000;
/** For a token that does not match: so often, at most, does a wrong one cost a read. */
const freshFor = 1000;
const unknownFor = 5000;
const maxKnown = 10_000;
/** Anybody can invent ids: they have a map of their own, and push out no cluster. */
const maxUnknown = 1000;
/** A read that callers share has a time limit of its own: none of them may end it for the others. */
const readTimeout = 3000;

export function createClusterCache(
  store: Pick<ReviewReader, 'readCluster'>,
  clock: () => Instant,
): ClusterReader {
  const known = new BoundedMap<string, Remembered<ClusterWithTokens>>(maxKnown);
  const unknown = new BoundedMap<string, Remembered<undefined>>(maxUnknown);
  const inFlight = new Map<string, Promise<Found>>();

  const read = async (id: string): Promise<Found> => {
    const readAt = clock();
    const found = await store.readCluster(id, AbortSignal.timeout(readTimeout));
    if (!found.ok) return found;
    if (found.value === undefined) {
      known.delete(id);
      unknown.set(id, { readAt, found: undefined });
    } else {
      unknown.delete(id);
      known.set(id, { readAt, found: found.value });
    }
    return found;
  };

  const share = (id: string): Promise<Found> => {
    const pending = inFlight.get(id) ?? read(id).finally(() => inFlight.delete(id));
    inFlight.set(id, pending);
    return pending;
  };

  const readWithin = async (id: string, age: number, signal: AbortSignal): Promise<Found> => {
    const entry = known.get(id);
    if (entry !== undefined && isYounger(entry, age, clock())) return { ok: true, value: entry.found };
    const nothing = unknown.get(id);
    if (nothing !== undefined && isYounger(nothing, Math.min(age, unknownFor), clock())) {
      return { ok: true, value: undefined };
    }
    return orAborted(share(id), signal);
  };

  return {
    readCluster: (id, signal) => readWithin(id, knownFor, signal),
    readClusterAgain: (id, signal) => readWithin(id, freshFor, signal),
  };
}

/** A clock that was set back makes an entry old, not eternal. */
const isYounger = ({ readAt }: Remembered<unknown>, age: number, now: Instant): boolean =>
  now >= readAt && now - readAt < age;

/** The shared answer, or *unavailable* as soon as this caller's time is up. */
async function orAborted(found: Promise<Found>, signal: AbortSignal): Promise<Found> {
  const gaveUp = unavailable('store_unavailable', { cause: 'aborted' });
  if (signal.aborted) return gaveUp;
  let stop = (): void => {};
  const aborted = new Promise<Found>((resolve) => {
    stop = () => resolve(gaveUp);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([found, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
