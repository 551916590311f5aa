import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../cli/serve/metrics.ts';
import type { DecisionEvent } from '../../lib/log/decision-log.ts';

const event = (more: Partial<DecisionEvent>): DecisionEvent => ({
  function: 'token-review',
  decisionId: 'd',
  time: 0,
  outcome: 'verified',
  code: 'verified',
  duration: 30,
  ...more,
});

describe('/metrics', () => {
  it('counts decisions by cluster, outcome and code', () => {
    const metrics = createMetrics('1.2.3', 5000);
    metrics.record(event({ cluster: 'demo' }));
    metrics.record(event({ cluster: 'demo' }));
    metrics.record(event({ cluster: 'a"b\\', outcome: 'denied', code: 'token_expired' }));
    expect(metrics.text()).toContain(
      'countersign_decisions_total{function="token-review",cluster="demo",outcome="verified",code="verified"} 2\n',
    );
    expect(metrics.text()).toContain(String.raw`cluster="a\"b\\",outcome="denied",code="token_expired"} 1`);
    expect(metrics.text()).toContain('countersign_build_info{version="1.2.3"} 1\n');
    expect(metrics.text()).toContain('process_start_time_seconds 5\n');
  });

  it('measures what was asked, and counts hits of the cache', () => {
    const metrics = createMetrics('1', 0);
    metrics.record(event({ duration: 30, stsDuration: 20, storeDuration: 4, identityCacheHit: false }));
    metrics.record(event({ duration: 7, identityCacheHit: true }));
    const text = metrics.text();
    expect(text).toContain('countersign_identity_cache_total{function="token-review",result="hit"} 1\n');
    expect(text).toContain(
      'countersign_decision_duration_seconds_bucket{function="token-review",le="0.01"} 1\n',
    );
    expect(text).toContain(
      'countersign_decision_duration_seconds_bucket{function="token-review",le="+Inf"} 2\n',
    );
    expect(text).toContain('countersign_sts_duration_seconds_count{function="token-review"} 1\n');
    expect(text).toContain('countersign_sts_duration_seconds_sum{function="token-review"} 0.02\n');
  });

  it('is in the text format: every series has its HELP and TYPE, every line a value', () => {
    const metrics = createMetrics('1', 0);
    metrics.record(event({}));
    const names = new Set([...metrics.text().matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    for (const line of metrics
      .text()
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('#'))) {
      const [, name = ''] = /^([a-z_]+)(?:\{[^}]*\})? [\d.e+-]+$/.exec(line) ?? [];
      expect(names.has(name.replace(/_(?:bucket|sum|count)$/, '')) || names.has(name), line).toBe(true);
    }
  });
});
