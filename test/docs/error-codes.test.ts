import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  callerError,
  callerErrorCodes,
  deniedCodes,
  describe as sentenceOf,
  describeCallerError,
  denied,
  isDeniedCode,
  isUnavailableCode,
  unavailable,
  unavailableCodes,
} from '../../lib/errors.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';

const page = readFileSync('docs/error-codes.md', 'utf8');
const [, deniedPart = '', unavailablePart = '', requestPart = ''] = page.split(/^## /m);
const codesIn = (part: string): string[] =>
  [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code ?? '');

describe('docs/error-codes.md', () => {
  test.each([
    ['denied', deniedPart, deniedCodes],
    ['unavailable', unavailablePart, unavailableCodes],
    ['caller error', requestPart, callerErrorCodes],
  ])('every code of the outcome %s has one row there', (_name, part, codes) => {
    expect(codesIn(part)).toEqual(codes);
  });

  test('no row of docs/error-codes.md leaves its meaning empty', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => (row.split('|')[2]?.trim().length ?? 0) === 0)).toEqual([]);
  });
});

test('docs/metrics.md has every metric that a decision leaves', () => {
  const metrics = readFileSync('docs/metrics.md', 'utf8');
  const names = new Set<string>();
  const log = createDecisionLog('debug', (line) => {
    const { _aws } = JSON.parse(line) as { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
    for (const { Metrics } of _aws.CloudWatchMetrics) for (const { Name } of Metrics) names.add(Name);
  });
  const event = { function: 'token-review', decisionId: '', time: 0, duration: 1, cluster: 'demo' } as const;
  const timed = { stsDuration: 1, storeDuration: 1, identityCacheHit: true };
  log.record({ ...event, ...timed, outcome: 'verified', code: 'verified' });
  log.record({ ...event, outcome: 'denied', code: 'foreign_token' });
  log.record({ ...event, outcome: 'denied', code: 'principal_denied' });
  log.record({ ...event, outcome: 'unavailable', code: 'sts_throttled' });
  log.record({ ...event, outcome: 'unavailable', code: 'internal' });
  log.record({ ...event, outcome: 'unavailable', code: 'sts_unreachable', unreachableElsewhere: true });
  log.record({ ...event, outcome: 'caller_error', code: 'unauthorized' });
  expect(names.size).toBe(13);
  expect([...names].filter((name) => !metrics.includes(`\`${name}\``))).toEqual([]);
});

describe('sentences of error codes', () => {
  test('the sentence of a code holds the data of the code', () => {
    expect(sentenceOf(denied('cluster_disabled', { clusterId: 'demo' }).failure)).toBe(
      'Cluster demo is disabled: an admin can enable it.',
    );
    expect(sentenceOf(unavailable('store_unavailable', { cause: 'ECONNRESET' }).failure)).toBe(
      'The mappings could not be read (ECONNRESET): try again in a moment.',
    );
    expect(
      sentenceOf(unavailable('store_unavailable', { cause: 'ECONNRESET', operation: 'write' }).failure),
    ).toBe('The table could not be written (ECONNRESET): try again in a moment.');
    const item = { kind: 'denial', key: 'a', reason: 'its version is newer' };
    expect(sentenceOf(unavailable('store_unavailable', { cause: 'item', item }).failure)).toBe(
      'The denial a cannot be read: its version is newer.',
    );
    expect(describeCallerError(callerError('too_large', { limit: 1 }))).toBe('The body may have 1 bytes.');
  });

  test('isDeniedCode and isUnavailableCode accept the codes of their outcome only', () => {
    expect(isDeniedCode('principal_denied')).toBe(true);
    expect(isDeniedCode('sts_throttled')).toBe(false);
    expect(isUnavailableCode('sts_throttled')).toBe(true);
    expect(isUnavailableCode('toString')).toBe(false);
  });
});
