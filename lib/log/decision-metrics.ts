/**
 * The metrics of a decision, in CloudWatch's embedded metric format: fields that are merged into its line of the log.
 *
 * Metrics, namespace `Countersign` (docs/metrics.md lists the alarms):
 *
 * | metric | unit | for each | by |
 * |---|---|---|---|
 * | `Decisions` | count | decision | Function · Function, Code · Function, Cluster |
 * | `Verified` `Denied` `Foreign` `Unavailable` | count | decision of that kind | Function · Function, Cluster |
 * | `UnreachableElsewhere` | count | decision without an answer of an STS host of another region; not counted as `Unavailable`, since callers choose the host | Function · Function, Cluster |
 * | `CallerErrors` `StsThrottled` `Internal` | count | decision of that kind | Function |
 * | `Duration` | ms | decision | Function · Function, Cluster |
 * | `StsDuration` | ms | decision that asked STS itself | Function |
 * | `IdentityCacheHit` | 0 or 1 | decision that needed an identity | Function |
 * | `StoreDuration` | ms | decision that read mappings | Function |
 *
 * Dimensions are bounded: `Code` by lib/errors.ts, `Cluster` by the clusters on record (never a name out of a
 * request), `Function` by the two functions.
 */
import type { DecisionEvent } from './decision-event.ts';

/** By metric name. A count of 0 is left out: each byte of a line is paid for, and a sum is the same without it. */
function metricValues(event: DecisionEvent): Readonly<Record<string, number>> {
  const { code, identityCacheHit, stsDuration, storeDuration } = event;
  return {
    Decisions: 1,
    [kindOf(event)]: 1,
    ...(code === 'sts_throttled' ? { StsThrottled: 1 } : {}),
    ...(code === 'internal' ? { Internal: 1 } : {}),
    ...(identityCacheHit === undefined ? {} : { IdentityCacheHit: identityCacheHit ? 1 : 0 }),
    ...(stsDuration === undefined ? {} : { StsDuration: stsDuration }),
    ...(storeDuration === undefined ? {} : { StoreDuration: storeDuration }),
    Duration: event.duration,
  };
}

function kindOf({ outcome, code, unreachableElsewhere }: DecisionEvent): string {
  if (code === 'foreign_token') return 'Foreign';
  return unreachableElsewhere === true ? 'UnreachableElsewhere' : outcomeMetric[outcome];
}

const outcomeMetric = {
  verified: 'Verified',
  denied: 'Denied',
  unavailable: 'Unavailable',
  caller_error: 'CallerErrors',
} as const;

/** The other metrics are not about one cluster, or not worth a metric for each. */
const perCluster = new Set([
  'Decisions',
  'Verified',
  'Denied',
  'Foreign',
  'Unavailable',
  'UnreachableElsewhere',
  'Duration',
]);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function metricFields(event: DecisionEvent): object {
  const values = metricValues(event);
  const names = Object.keys(values);
  const ofCluster = names.filter((name) => event.cluster !== undefined && perCluster.has(name));
  const directive = (dimensions: string[][], metrics: readonly string[]): object => ({
    Namespace: 'Countersign',
    Dimensions: dimensions,
    Metrics: metrics.map((Name) => ({ Name, Unit: Name.endsWith('Duration') ? 'Milliseconds' : 'Count' })),
  });
  return {
    Function: event.function,
    Code: event.code,
    Cluster: event.cluster,
    ...values,
    _aws: {
      Timestamp: event.time,
      CloudWatchMetrics: [
        directive([['Function']], names),
        directive([['Function', 'Code']], ['Decisions']),
        ...(ofCluster.length === 0 ? [] : [directive([['Function', 'Cluster']], ofCluster)]),
      ],
    },
  };
}
