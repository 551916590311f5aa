/**
 * Metrics for Prometheus: the decisions, and the process itself. The labels are bounded: clusters are those on record,
 * codes those of lib/errors.ts. Only `countersign serve` may import this module: `prom-client` is slow to load.
 */
import type { RequestListener, ServerResponse } from 'node:http';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { DecisionEvent, DecisionSink } from '../../lib/log/decision-event.ts';

/** Seconds. An apiserver abandons a request after 30 s, and a review takes 4.5 s at most. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export interface Metrics extends DecisionSink {
  readonly contentType: string;
  /** The text format of Prometheus, version 0.0.4. */
  text(): Promise<string>;
}

/** Counters of decisions that callers choose: they have counters of their own, so that an alarm can leave them out. */
function chosenByCallers(registers: Registry[]): DecisionSink {
  const elsewhere = new Counter({
    name: 'countersign_sts_unreachable_elsewhere_total',
    help: 'Decisions without an answer of an STS host of another region: callers choose the host.',
    labelNames: ['function'],
    registers,
  });
  const overRate = new Counter({
    name: 'countersign_cluster_rate_exceeded_total',
    help: 'Reviews answered with 429, since their cluster exceeds --cluster-rate.',
    labelNames: ['cluster'],
    registers,
  });
  return {
    record({ function: name, code, cluster, unreachableElsewhere }) {
      if (unreachableElsewhere === true) elsewhere.inc({ function: name });
      if (code === 'cluster_rate_exceeded') overRate.inc({ cluster: cluster ?? '' });
    },
  };
}

function decisionSink(registry: Registry): DecisionSink {
  const registers = [registry];
  const decisions = new Counter({
    name: 'countersign_decisions_total',
    help: 'Decisions, by cluster, outcome and code.',
    labelNames: ['function', 'cluster', 'outcome', 'code'],
    registers,
  });
  const chosen = chosenByCallers(registers);
  const lookups = new Counter({
    name: 'countersign_identity_cache_total',
    help: 'Identities looked up, by hit or miss of the cache.',
    labelNames: ['function', 'result'],
    registers,
  });
  const histogram = (name: string, help: string): Histogram<'function'> =>
    new Histogram({ name, help, labelNames: ['function'], buckets, registers });
  const duration = histogram('countersign_decision_duration_seconds', 'Time of a whole answer.');
  const sts = histogram('countersign_sts_duration_seconds', 'Time that STS took, if it was called.');
  const store = histogram('countersign_store_duration_seconds', 'Time that reading the mappings took.');
  const observe = (
    metric: Histogram<'function'>,
    event: DecisionEvent,
    milliseconds: number | undefined,
  ): void => {
    if (milliseconds !== undefined) metric.observe({ function: event.function }, milliseconds / 1000);
  };
  return {
    record(event) {
      const { function: name, cluster, outcome, code, identityCacheHit } = event;
      // In Prometheus an empty label is the same as a missing one.
      decisions.inc({ function: name, cluster: cluster ?? '', outcome, code });
      chosen.record(event);
      if (identityCacheHit !== undefined)
        lookups.inc({ function: name, result: identityCacheHit ? 'hit' : 'miss' });
      observe(duration, event, event.duration);
      observe(sts, event, event.stsDuration);
      observe(store, event, event.storeDuration);
    },
  };
}

/** Counters that start at zero, in a registry of their own. Observes the process (event loop, memory, GC) as well. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const sink = decisionSink(registry);
  new Gauge({
    name: 'countersign_build_info',
    help: 'The version that runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  collectDefaultMetrics({ register: registry });
  return {
    record: (event) => sink.record(event),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

async function answerMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  } catch {
    response.writeHead(500).end();
  }
}

/** The same listener, with the metrics at `/metrics`. */
export const withMetrics =
  (listener: RequestListener, metrics: Metrics): RequestListener =>
  (request, response) => {
    if (request.url === '/metrics') void answerMetrics(metrics, response);
    else listener(request, response);
  };
