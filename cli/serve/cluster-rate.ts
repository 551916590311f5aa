/** The rate of each cluster in `countersign serve`: what one cluster may have STS and the table asked, so that it cannot starve the others. */
import { createSteadyClock } from '../../lib/async/steady-clock.ts';
import { TokenBuckets } from '../../lib/async/token-bucket.ts';
import type { Rate } from '../../lib/async/token-bucket.ts';
import type { Instant } from '../../lib/errors.ts';
import type { DecisionSink } from '../../lib/log/decision-event.ts';
import { wrongUsage } from '../exit.ts';
import type { Input } from '../input.ts';

/** As many as the cache of clusters holds: only clusters on record get a bucket. */
const maximumClusters = 10_000;
/** One refusal is logged in this time, for each cluster: the metrics count them all. */
const logMilliseconds = 10_000;

/**
 * `--cluster-rate`: a whole number a second, with a burst of twice as many; `undefined` for `off`.
 * @throws CliFailure (exit 2) for anything else
 */
export function readClusterRate(input: Pick<Input, 'required'>): Rate | undefined {
  const text = input.required('clusterRate');
  if (text === 'off') return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw wrongUsage(`--cluster-rate is ${text}: give a whole number from 1 to 999999, or off.`);
  }
  return { perSecond: Number(text), burst: 2 * Number(text) };
}

/** The admission of reviews by their cluster's rate. `clock`: milliseconds since the epoch; it may be set back. */
export function admissionBy(rate: Rate, clock: () => Instant): (clusterId: string) => boolean {
  const buckets = new TokenBuckets(
    rate,
    maximumClusters,
    createSteadyClock(clock, () => performance.now()),
  );
  return (clusterId) => buckets.take(clusterId);
}

/** The same sink, which receives one refusal by the rate in 10 s for each cluster, and every other event. */
export function sparingRefusals(sink: DecisionSink): DecisionSink {
  const once = { perSecond: 1000 / logMilliseconds, burst: 1 };
  let now: Instant = 0;
  const buckets = new TokenBuckets(once, maximumClusters, () => now);
  return {
    record(event) {
      now = Math.max(now, event.time);
      if (event.code !== 'cluster_rate_exceeded' || buckets.take(event.cluster ?? '')) sink.record(event);
    },
  };
}
