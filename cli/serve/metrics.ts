/** Counts decisions for Prometheus. Labels are bounded: clusters are those on record, codes those of lib/errors.ts. */
import type { DecisionEvent, DecisionSink } from '../../lib/log/decision-log.ts';

type Labels = Readonly<Record<string, string>>;

const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels): void {
    const key = labelText(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1);
  }

  text(): string {
    const lines = [...this.#values].map(([labels, value]) => `${this.#name}{${labels}} ${value}\n`);
    return `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} counter\n${lines.join('')}`;
  }
}

/** Seconds. An apiserver gives up an attempt after 30, we after 4.5. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

interface Observations {
  readonly counts: number[];
  sum: number;
  count: number;
}

class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, Observations>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  observe(labels: Labels, milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    const key = labelText(labels);
    const series = this.#series.get(key) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 };
    const seconds = milliseconds / 1000;
    series.sum += seconds;
    series.count += 1;
    for (const [index, bound] of bounds.entries()) {
      if (seconds <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1;
    }
    this.#series.set(key, series);
  }

  text(): string {
    const lines = [...this.#series].map(([labels, { counts, sum, count }]) => {
      const buckets = counts
        .map((value, index) => this.#bucket(labels, String(bounds[index]), value))
        .join('');
      const total = this.#bucket(labels, '+Inf', count);
      return `${buckets}${total}${this.#name}_sum{${labels}} ${sum}\n${this.#name}_count{${labels}} ${count}\n`;
    });
    return `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} histogram\n${lines.join('')}`;
  }

  #bucket(labels: string, bound: string, value: number): string {
    return `${this.#name}_bucket{${labels},le="${bound}"} ${value}\n`;
  }
}

export interface Metrics extends DecisionSink {
  /** The text format of Prometheus, version 0.0.4. */
  text(): string;
}

export function createMetrics(version: string, startedAtMs: number): Metrics {
  const decisions = new Counter('countersign_decisions_total', 'Decisions, by cluster, outcome and code.');
  const lookups = new Counter(
    'countersign_identity_cache_total',
    'Identities looked up, by hit or miss of the cache.',
  );
  const duration = new Histogram('countersign_decision_duration_seconds', 'Time of a whole answer.');
  const sts = new Histogram('countersign_sts_duration_seconds', 'Time that STS took, where it was asked.');
  const store = new Histogram('countersign_store_duration_seconds', 'Time that reading the mappings took.');
  const build = `# HELP countersign_build_info The version that runs.\n# TYPE countersign_build_info gauge\ncountersign_build_info{version="${escaped(version)}"} 1\n# HELP process_start_time_seconds Start of the process since the epoch.\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${startedAtMs / 1000}\n`;
  return {
    record(event: DecisionEvent) {
      const labels = { function: event.function };
      decisions.add({ ...labels, cluster: event.cluster ?? '', outcome: event.outcome, code: event.code });
      if (event.identityCacheHit !== undefined) {
        lookups.add({ ...labels, result: event.identityCacheHit ? 'hit' : 'miss' });
      }
      duration.observe(labels, event.duration);
      sts.observe(labels, event.stsDuration);
      store.observe(labels, event.storeDuration);
    },
    text: () => [decisions, lookups, duration, sts, store].map((metric) => metric.text()).join('') + build,
  };
}
