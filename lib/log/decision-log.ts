/**
 * What every decision leaves behind: one line of JSON, which is both the decision event and its metrics in
 * CloudWatch's embedded metric format. Fields are listed here one by one: nothing else can reach the log.
 *
 * Metrics, namespace `Countersign` (docs/metrics.md says which to alarm on):
 *
 * | metric | unit | for each | by |
 * |---|---|---|---|
 * | `Decisions` | count | decision | Function · Function, Code · Function, Cluster |
 * | `Verified` `Denied` `Foreign` `Unavailable` | count | decision of that kind | Function · Function, Cluster |
 * | `CallerErrors` `StsThrottled` `Internal` | count | decision of that kind | Function |
 * | `Duration` | ms | decision | Function · Function, Cluster |
 * | `StsDuration` | ms | decision that asked STS itself | Function |
 * | `IdentityCacheHit` | 0 or 1 | decision that needed an identity | Function |
 * | `StoreDuration` | ms | decision that read mappings | Function |
 *
 * Dimensions are bounded: `Code` by lib/errors.ts, `Cluster` by the clusters on record (never a name out of a
 * request), `Function` by the two functions.
 */
import type { LogLevel } from '../config.ts';
import type { Instant } from '../errors.ts';

export interface DecisionEvent {
  readonly function: 'token-review' | 'whoami';
  readonly decisionId: string;
  readonly time: Instant;
  readonly outcome: 'verified' | 'denied' | 'unavailable' | 'caller_error';
  /** `verified`, or a code of lib/errors.ts. */
  readonly code: string;
  /** The id of our record. Absent where the caller did not show that cluster's webhook token. */
  readonly cluster?: string | undefined;
  /** The sentence of the code. */
  readonly detail?: string | undefined;
  readonly canonicalArn?: string | undefined;
  readonly principalId?: string | undefined;
  readonly sessionName?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly username?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  /** Ids of the mappings that granted, the one that names the user first. */
  readonly grantedBy?: readonly string[] | undefined;
  readonly stsHost?: string | undefined;
  readonly identityCacheHit?: boolean | undefined;
  /** Milliseconds. */
  readonly stsDuration?: number | undefined;
  /** Milliseconds: the read of the mappings. */
  readonly storeDuration?: number | undefined;
  /** Milliseconds, the whole answer. */
  readonly duration: number;
  /** Only with the code `internal`: where it was thrown. Never the message, which can quote what it choked on. */
  readonly thrown?: { readonly name: string; readonly frames: readonly string[] } | undefined;
}

/** Takes decision events: the log of a function, and the metrics of `countersign serve`. Must not throw. */
export interface DecisionSink {
  record(event: DecisionEvent): void;
}

/** Gives each event to every sink in turn. */
export const allSinks = (...sinks: readonly DecisionSink[]): DecisionSink => ({
  record: (event) => {
    for (const sink of sinks) sink.record(event);
  },
});

/** How loud an event is: foreign tokens come in floods, and an outage must be seen at every level. */
function levelOf(event: DecisionEvent): LogLevel {
  if (event.outcome === 'unavailable') return 'error';
  if (event.code === 'foreign_token') return 'debug';
  return event.outcome === 'verified' ? 'info' : 'warn';
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes one line per event. Below `level` the line holds the metrics alone, since CloudWatch makes metrics of
 * lines. `write` gets whole lines, each with its newline.
 */
export function createDecisionLog(level: LogLevel, write: (line: string) => void): DecisionSink {
  return {
    record: (event) => {
      const eventLevel = levelOf(event);
      const fields = rank[eventLevel] >= rank[level] ? eventFields(event, eventLevel) : {};
      write(`${JSON.stringify({ ...fields, ...metricFields(event) })}\n`);
    },
  };
}

function eventFields(event: DecisionEvent, level: LogLevel): object {
  return {
    level,
    event: 'decision',
    time: new Date(event.time).toISOString(),
    function: event.function,
    decisionId: event.decisionId,
    cluster: event.cluster,
    outcome: event.outcome,
    code: event.code,
    detail: event.detail,
    canonicalArn: event.canonicalArn,
    principalId: event.principalId,
    sessionName: event.sessionName,
    accessKeyId: event.accessKeyId,
    username: event.username,
    groups: event.groups,
    grantedBy: event.grantedBy,
    stsHost: event.stsHost,
    thrown: event.thrown,
  };
}

/** By metric name. A count that would be 0 is left out: lines are paid for, and a sum does not miss it. */
function metricValues(event: DecisionEvent): Readonly<Record<string, number>> {
  const { outcome, code, identityCacheHit, stsDuration, storeDuration } = event;
  return {
    Decisions: 1,
    ...(code === 'foreign_token' ? { Foreign: 1 } : { [outcomeMetric[outcome]]: 1 }),
    ...(code === 'sts_throttled' ? { StsThrottled: 1 } : {}),
    ...(code === 'internal' ? { Internal: 1 } : {}),
    ...(identityCacheHit === undefined ? {} : { IdentityCacheHit: identityCacheHit ? 1 : 0 }),
    ...(stsDuration === undefined ? {} : { StsDuration: stsDuration }),
    ...(storeDuration === undefined ? {} : { StoreDuration: storeDuration }),
    Duration: event.duration,
  };
}

const outcomeMetric = {
  verified: 'Verified',
  denied: 'Denied',
  unavailable: 'Unavailable',
  caller_error: 'CallerErrors',
} as const;

/** The others are not of one cluster, or not worth a metric for each. */
const perCluster = new Set(['Decisions', 'Verified', 'Denied', 'Foreign', 'Unavailable', 'Duration']);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function metricFields(event: DecisionEvent): object {
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

/** What may be told of something thrown: its class and where, but not its message. */
export function describeThrown(error: unknown): { name: string; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { name: error.constructor.name, frames: frames.slice(0, 8).map((line) => line.trim()) };
}
