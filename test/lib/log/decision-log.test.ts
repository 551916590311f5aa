import { describe, expect, test } from 'vitest';
import { allSinks } from '../../../lib/log/decision-event.ts';
import { createDecisionLog } from '../../../lib/log/decision-log.ts';
import type { DecisionEvent } from '../../../lib/log/decision-event.ts';
import type { LogLevel } from '../../../lib/config.ts';

const verified: DecisionEvent = {
  function: 'token-review',
  decisionId: 'd1',
  time: Date.parse('2026-11-22T12:00:00Z'),
  outcome: 'verified',
  code: 'verified',
  cluster: 'demo',
  username: 'alice',
  identityCacheHit: false,
  stsDuration: 30,
  storeDuration: 5,
  duration: 40,
};
const events = {
  verified,
  foreign: { ...verified, outcome: 'denied', code: 'foreign_token' },
  denied: { ...verified, outcome: 'denied', code: 'principal_not_mapped' },
  unavailable: { ...verified, outcome: 'unavailable', code: 'sts_throttled' },
  elsewhere: {
    ...verified,
    outcome: 'unavailable',
    code: 'sts_unreachable',
    unreachableElsewhere: true,
  },
  overRate: { ...verified, outcome: 'unavailable', code: 'cluster_rate_exceeded' },
  internal: { ...verified, outcome: 'unavailable', code: 'internal' },
  stranger: {
    function: 'token-review',
    decisionId: 'd1',
    time: 0,
    outcome: 'caller_error',
    code: 'unauthorized',
    duration: 1,
  },
} as const satisfies Record<string, DecisionEvent>;

interface Line extends Record<string, unknown> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly string[][];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

function lineOf(event: DecisionEvent, level: LogLevel = 'debug'): Line {
  const lines: string[] = [];
  createDecisionLog(level, (line) => lines.push(line)).record(event);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  return JSON.parse(lines[0]!) as Line;
}

describe('the line of a decision', () => {
  test.each(Object.entries(events))(
    'every metric and dimension that a directive names is in the line, %s',
    (_name, event) => {
      const line = lineOf(event);
      for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
        expect(Namespace).toBe('Countersign');
        for (const dimension of Dimensions.flat()) expect(line[dimension]).toEqual(expect.any(String));
        for (const { Name } of Metrics) expect(line[Name]).toEqual(expect.any(Number));
      }
    },
  );

  test.each([
    ['verified', 'Verified'],
    ['foreign', 'Foreign'],
    ['denied', 'Denied'],
    ['unavailable', 'Unavailable'],
    ['unavailable', 'StsThrottled'],
    ['internal', 'Internal'],
    ['elsewhere', 'UnreachableElsewhere'],
    ['stranger', 'CallerErrors'],
  ] as const)('%s counts as %s', (name, metric) => {
    expect(lineOf(events[name])).toMatchObject({ Decisions: 1, [metric]: 1 });
  });

  test('a foreign token does not count as denied: floods of them must not hide denials', () => {
    expect(lineOf(events.foreign)).not.toHaveProperty('Denied');
  });

  test('a host of another region that does not answer does not count as unavailable: callers choose the host', () => {
    const line = lineOf(events.elsewhere);
    expect(line).not.toHaveProperty('Unavailable');
    expect(line).toMatchObject({ unreachableElsewhere: true, Code: 'sts_unreachable' });
    const ofCluster = line._aws.CloudWatchMetrics.find(({ Dimensions }) =>
      Dimensions[0]?.includes('Cluster'),
    );
    expect(ofCluster?.Metrics.map(({ Name }) => Name)).toEqual([
      'Decisions',
      'UnreachableElsewhere',
      'Duration',
    ]);
    expect(lineOf(events.elsewhere, 'error')).not.toHaveProperty('event');
    expect(lineOf(events.elsewhere, 'warn')).toHaveProperty('level', 'warn');
  });

  test('a cluster over its rate is no outage: its refusals are warnings', () => {
    expect(lineOf(events.overRate, 'error')).not.toHaveProperty('event');
    expect(lineOf(events.overRate, 'warn')).toHaveProperty('level', 'warn');
  });

  test('a decision without a recorded cluster has no metric by cluster', () => {
    expect(
      lineOf(events.stranger)._aws.CloudWatchMetrics.flatMap(({ Dimensions }) => Dimensions.flat()),
    ).not.toContain('Cluster');
  });
});

describe('the log level', () => {
  test.each([
    ['debug', ['verified', 'foreign', 'denied', 'unavailable']],
    ['info', ['verified', 'denied', 'unavailable']],
    ['warn', ['denied', 'unavailable']],
    ['error', ['unavailable']],
  ] as const)('level %s logs the events %j, and the metrics of every event', (level, logged) => {
    const seen = (['verified', 'foreign', 'denied', 'unavailable'] as const).filter((name) => {
      const line = lineOf(events[name], level);
      expect(line['Decisions']).toBe(1);
      return line['event'] === 'decision';
    });
    expect(seen).toEqual(logged);
  });
});

test('allSinks records every event in every sink', () => {
  const seen: string[] = [];
  const sink = (name: string) => ({
    record: (event: DecisionEvent) => void seen.push(`${name} ${event.code}`),
  });
  allSinks(sink('log'), sink('prometheus')).record(verified);
  expect(seen).toEqual(['log verified', 'prometheus verified']);
});
