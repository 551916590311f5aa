import { describe, expect, test } from 'vitest';
import { admissionBy, readClusterRate, sparingRefusals } from '../../../cli/serve/cluster-rate.ts';
import type { DecisionEvent } from '../../../lib/log/decision-event.ts';

const rateOf = (text: string) => readClusterRate({ required: () => text });

describe('--cluster-rate', () => {
  test('is a number of reviews a second, with a burst of twice as many', () => {
    expect(rateOf('200')).toEqual({ perSecond: 200, burst: 400 });
  });

  test('off is no limit', () => {
    expect(rateOf('off')).toBeUndefined();
  });

  test.each(['0', '-1', '1.5', '1e3', 'none', '1000000', '200/s'])(
    'is no whole number above 0, so it is refused: %s',
    (text) => {
      expect(() => rateOf(text)).toThrow(
        `--cluster-rate is ${text}: give a whole number from 1 to 999999, or off.`,
      );
    },
  );
});

test('a cluster over its rate is refused, and another one is not', () => {
  const admit = admissionBy({ perSecond: 0.001, burst: 2 }, () => 0);
  expect(['a', 'a', 'a', 'b'].map(admit)).toEqual([true, true, false, true]);
});

describe('the log of refusals by the rate', () => {
  const logged = (events: readonly Partial<DecisionEvent>[]): DecisionEvent[] => {
    const seen: DecisionEvent[] = [];
    const sink = sparingRefusals({ record: (event) => seen.push(event) });
    for (const event of events) {
      sink.record({
        function: 'token-review',
        decisionId: 'd',
        time: 0,
        outcome: 'unavailable',
        code: 'cluster_rate_exceeded',
        cluster: 'demo',
        duration: 1,
        ...event,
      });
    }
    return seen;
  };

  test('has one of a cluster in 10 s', () => {
    const refusals = Array.from({ length: 20_001 }, (_, time) => ({ time }));
    expect(logged(refusals).map(({ time }) => time)).toEqual([0, 10_000, 20_000]);
  });

  test('has one of each cluster, and every other decision', () => {
    const events = [{}, {}, { cluster: 'other' }, { code: 'verified' }, { code: 'verified' }];
    expect(logged(events).map(({ cluster, code }) => [cluster, code])).toEqual([
      ['demo', 'cluster_rate_exceeded'],
      ['other', 'cluster_rate_exceeded'],
      ['demo', 'verified'],
      ['demo', 'verified'],
    ]);
  });
});
