/** The log of decisions: one line of JSON each, which is both the event and its metrics. */
import type { LogLevel } from '../config.ts';
import type { DecisionEvent, DecisionSink } from './decision-event.ts';
import { metricFields } from './decision-metrics.ts';
import { isLogged } from './log-level.ts';

/**
 * Foreign tokens come in floods: `debug`. An outage must show at every level: `error`; but a caller can name a host of another
 * region that cannot be reached, or exceed their cluster's rate: `warn`.
 */
function levelOf(event: DecisionEvent): LogLevel {
  if (event.unreachableElsewhere === true || event.code === 'cluster_rate_exceeded') return 'warn';
  if (event.outcome === 'unavailable') return 'error';
  if (event.code === 'foreign_token') return 'debug';
  return event.outcome === 'verified' ? 'info' : 'warn';
}

/**
 * Writes one line per event. Below `level` the line holds only the metrics, which CloudWatch extracts from lines. `write`
 * receives whole lines, each with its newline.
 */
export function createDecisionLog(level: LogLevel, write: (line: string) => void): DecisionSink {
  return {
    record: (event) => {
      const eventLevel = levelOf(event);
      const fields = isLogged(eventLevel, level) ? eventFields(event, eventLevel) : {};
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
    scrubbed: event.scrubbed,
    stsHost: event.stsHost,
    unreachableElsewhere: event.unreachableElsewhere,
    thrown: event.thrown,
  };
}
