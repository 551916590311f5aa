/** What `countersign serve` tells Prometheus. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createMetrics, withMetrics } from '../../../cli/serve/metrics.ts';
import type { Metrics } from '../../../cli/serve/metrics.ts';
import type { DecisionEvent } from '../../../lib/log/decision-event.ts';
import { parsePrometheusText } from '../../fixtures/prometheus-text.ts';

const event = (more: Partial<DecisionEvent>): DecisionEvent => ({
  function: 'token-review',
  decisionId: 'd',
  time: 0,
  outcome: 'verified',
  code: 'verified',
  duration: 30,
  ...more,
});

const familiesOf = async (metrics: Metrics) => parsePrometheusText(await metrics.text());

async function samplesOf(metrics: Metrics, name: string) {
  return (await familiesOf(metrics)).get(name)?.samples.map(({ labels, value }) => [labels, value]);
}

/** A histogram: its buckets by their bound, its sum, its count. */
async function histogramOf(metrics: Metrics, name: string) {
  const samples = (await familiesOf(metrics)).get(name)?.samples ?? [];
  const buckets = samples.filter((sample) => sample.name.endsWith('_bucket'));
  return {
    buckets: Object.fromEntries(buckets.map(({ labels, value }) => [labels['le'], value])),
    sum: samples.find((sample) => sample.name.endsWith('_sum'))?.value,
    count: samples.find((sample) => sample.name.endsWith('_count'))?.value,
    functions: samples.map(({ labels }) => labels['function']),
  };
}

describe('the metrics of countersign serve', () => {
  test('decisions are counted by function, cluster, outcome and code, with quotes and backslashes escaped', async () => {
    const metrics = createMetrics('1.2.3');
    metrics.record(event({ cluster: 'demo' }));
    metrics.record(event({ cluster: 'demo' }));
    metrics.record(event({ cluster: 'a"b\\\n', outcome: 'denied', code: 'token_expired' }));
    metrics.record(event({ function: 'whoami', outcome: 'caller_error', code: 'webhook_token_invalid' }));
    expect(await samplesOf(metrics, 'countersign_decisions_total')).toEqual([
      [{ function: 'token-review', cluster: 'demo', outcome: 'verified', code: 'verified' }, 2],
      [{ function: 'token-review', cluster: 'a"b\\\n', outcome: 'denied', code: 'token_expired' }, 1],
      [{ function: 'whoami', cluster: '', outcome: 'caller_error', code: 'webhook_token_invalid' }, 1],
    ]);
  });

  test('identities are counted by hit and miss of the cache, if the decision needed one', async () => {
    const metrics = createMetrics('1');
    metrics.record(event({ identityCacheHit: false }));
    metrics.record(event({ identityCacheHit: true }));
    metrics.record(event({ identityCacheHit: true }));
    metrics.record(event({}));
    expect(await samplesOf(metrics, 'countersign_identity_cache_total')).toEqual([
      [{ function: 'token-review', result: 'miss' }, 1],
      [{ function: 'token-review', result: 'hit' }, 2],
    ]);
  });

  test('refusals by the rate are counted by cluster', async () => {
    const metrics = createMetrics('1');
    for (const cluster of ['flooded', 'flooded', 'other']) {
      metrics.record(event({ cluster, outcome: 'unavailable', code: 'cluster_rate_exceeded' }));
    }
    metrics.record(event({ cluster: 'flooded', outcome: 'unavailable', code: 'sts_throttled' }));
    expect(await samplesOf(metrics, 'countersign_cluster_rate_exceeded_total')).toEqual([
      [{ cluster: 'flooded' }, 2],
      [{ cluster: 'other' }, 1],
    ]);
  });

  test('durations are histograms in seconds, of STS and of the store if they were called', async () => {
    const metrics = createMetrics('1');
    metrics.record(event({ duration: 30, stsDuration: 20, storeDuration: 4 }));
    metrics.record(event({ duration: 7 }));
    metrics.record(event({ duration: 6000 }));
    const duration = await histogramOf(metrics, 'countersign_decision_duration_seconds');
    expect(duration.buckets).toEqual({
      '0.005': 0,
      '0.01': 1,
      '0.025': 1,
      '0.05': 2,
      '0.1': 2,
      '0.25': 2,
      '0.5': 2,
      '1': 2,
      '2.5': 2,
      '5': 2,
      '+Inf': 3,
    });
    expect(duration.sum).toBeCloseTo(6.037, 9);
    expect(new Set(duration.functions)).toEqual(new Set(['token-review']));
    expect(await histogramOf(metrics, 'countersign_sts_duration_seconds')).toMatchObject({
      sum: 0.02,
      count: 1,
    });
    expect(await histogramOf(metrics, 'countersign_store_duration_seconds')).toMatchObject({
      sum: 0.004,
      count: 1,
    });
  });

  test('the version that runs is a label of a gauge', async () => {
    expect(await samplesOf(createMetrics('1.2.3'), 'countersign_build_info')).toEqual([
      [{ version: '1.2.3' }, 1],
    ]);
  });

  test('every metric of ours exists from the start, with its type, a sentence of help, and a row in docs/metrics.md', async () => {
    const families = await familiesOf(createMetrics('1'));
    const own = [...families].filter(([name]) => name.startsWith('countersign_'));
    expect(own.map(([name, { type }]) => [name, type])).toEqual([
      ['countersign_decisions_total', 'counter'],
      ['countersign_sts_unreachable_elsewhere_total', 'counter'],
      ['countersign_cluster_rate_exceeded_total', 'counter'],
      ['countersign_identity_cache_total', 'counter'],
      ['countersign_decision_duration_seconds', 'histogram'],
      ['countersign_sts_duration_seconds', 'histogram'],
      ['countersign_store_duration_seconds', 'histogram'],
      ['countersign_build_info', 'gauge'],
    ]);
    const page = readFileSync('docs/metrics.md', 'utf8');
    for (const [name, { help }] of own) {
      expect(help).toMatch(/^[A-Z].*\.$/);
      expect(page).toContain(`| \`${name}\` |`);
    }
  });

  test('the process is measured: start, CPU, memory, event loop', async () => {
    const families = await familiesOf(createMetrics('1'));
    const start = families.get('process_start_time_seconds')?.samples[0]?.value;
    expect(Math.abs(start! - (Date.now() / 1000 - process.uptime()))).toBeLessThan(2);
    expect(families.get('process_cpu_seconds_total')?.type).toBe('counter');
    expect(families.get('process_resident_memory_bytes')?.samples[0]?.value).toBeGreaterThan(1e6);
    expect(families.has('nodejs_eventloop_lag_seconds')).toBe(true);
  });

  test('two sets of metrics do not share their counts', async () => {
    const [one, other] = [createMetrics('1'), createMetrics('2')];
    one.record(event({}));
    expect(await samplesOf(other, 'countersign_decisions_total')).toEqual([]);
  });
});

describe('GET /metrics', () => {
  const get = async (metrics: Metrics, path: string) => {
    const server = createServer(withMetrics((_, response) => response.end('another'), metrics));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        body: await response.text(),
      };
    } finally {
      server.close();
    }
  };

  test('returns the metrics in the text format 0.0.4', async () => {
    const answer = await get(createMetrics('1'), '/metrics');
    expect(answer).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(parsePrometheusText(answer.body).has('countersign_build_info')).toBe(true);
  });

  test('leaves every other path to the reviews', async () => {
    expect(await get(createMetrics('1'), '/metrics/x')).toMatchObject({ status: 200, body: 'another' });
  });

  test('returns status 500 if the metrics cannot be collected', async () => {
    const failing = { ...createMetrics('1'), text: () => Promise.reject(new Error('no')) };
    expect(await get(failing, '/metrics')).toMatchObject({ status: 500, body: '' });
  });
});
