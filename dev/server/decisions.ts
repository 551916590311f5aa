import type { DecisionEvent, DecisionSink } from '../../lib/log/decision-event.ts';

/** One line for each decision, for whoever watches: a function would log the whole event. */
export const decisionLines = (say: (line: string) => void): DecisionSink => ({
  record: (event) => say(lineOf(event)),
});

function lineOf(event: DecisionEvent): string {
  const what = `${event.function} ${event.cluster ?? '-'}:`;
  const who = event.canonicalArn === undefined ? '' : ` ${event.canonicalArn}`;
  return event.outcome === 'verified'
    ? `${what}${who} enters as ${event.username ?? ''}`
    : `${what}${who} ${event.code} (decision ${event.decisionId})`;
}
