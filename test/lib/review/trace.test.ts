import { expect, test } from 'vitest';
import { denied, unavailable } from '../../../lib/errors.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import { ReviewTrace } from '../../../lib/review/trace.ts';

const identity = {
  accountId: '111122223333',
  canonicalArn: 'arn:aws:iam::111122223333:role/Dev',
  principalId: 'AROAEXAMPLE',
  accessKeyId: 'ASIAEXAMPLE',
} as ReportedIdentity;
const { failure } = denied('principal_not_mapped', {
  canonicalArn: identity.canonicalArn,
  clusterId: 'demo',
});

function traceAt(...instants: readonly number[]): ReviewTrace {
  const left = [...instants];
  return new ReviewTrace('id', () => left.shift() ?? 0);
}

test('an event holds the caller, the sentence of its denial, and its start and duration', () => {
  const trace = traceAt(100, 130);
  trace.note({ identity });
  expect(trace.toEvent(failure, 'whoami', new Set())).toMatchObject({
    time: 100,
    duration: 30,
    canonicalArn: identity.canonicalArn,
    accessKeyId: 'ASIAEXAMPLE',
    sessionName: undefined,
    detail: expect.stringContaining('has no mapping on cluster demo'),
  });
});

test('an event about a scrubbed account holds the decision, and nothing of its caller', () => {
  const trace = traceAt(100, 130);
  trace.note({ identity });
  const event = trace.toEvent(failure, 'whoami', new Set(['111122223333']));
  expect(event).toMatchObject({ code: 'principal_not_mapped', duration: 30 });
  expect(JSON.stringify(event)).not.toMatch(/111122223333|EXAMPLE/);
});

test.each([
  [true, undefined],
  [false, 12],
])('if the identity cache hit is %s, the duration of STS is %s', (identityCacheHit, stsDuration) => {
  const trace = traceAt();
  trace.note({ identityCacheHit, stsDuration: 12 });
  expect(trace.toEvent(failure, 'whoami', new Set())).toMatchObject({ identityCacheHit, stsDuration });
});

test('the duration of work that fails is noted, and its error is passed on', async () => {
  const trace = traceAt(0, 10, 25);
  await expect(trace.time('storeDuration', Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(trace.notes).toEqual({ storeDuration: 15 });
});

test.each([
  ['of another region', unavailable('sts_unreachable', { host: 'x', cause: 'y', elsewhere: true }), true],
  ['of its own region', unavailable('sts_unreachable', { host: 'x', cause: 'y' }), undefined],
  ['that throttles', unavailable('sts_throttled', { host: 'x' }), undefined],
  ['that refuses', denied('signature_mismatch', { clusterId: 'demo' }), undefined],
])('an event marks only an unreachable host of another region: a host %s', (_, failed, marked) => {
  expect(traceAt().toEvent(failed.failure, 'whoami', new Set()).unreachableElsewhere).toBe(marked);
});
