import { expect, test } from 'vitest';
import { denied } from '../../../lib/errors.ts';
import type { DecisionEvent } from '../../../lib/log/decision-event.ts';
import { runDecision } from '../../../lib/review/decision.ts';

function contextOf(deadlineMilliseconds = 5_000) {
  const events: DecisionEvent[] = [];
  const sink = { record: (event: DecisionEvent) => void events.push(event) };
  const context = {
    clock: () => 0,
    newId: () => 'id',
    sink,
    scrubbedAccounts: new Set<string>(),
    deadlineMilliseconds,
  };
  return { events, context };
}

test('a decision is returned and recorded with the id of its trace', async () => {
  const { events, context } = contextOf();
  const { failure } = denied('foreign_token', {});
  const { decision, trace } = await runDecision(context, 'whoami', async () => failure);
  expect([decision, trace.decisionId]).toEqual([failure, 'id']);
  expect(events).toMatchObject([
    { function: 'whoami', decisionId: 'id', outcome: 'denied', code: 'foreign_token' },
  ]);
});

test('a thrown error makes a decision unavailable, and the event names the error without its message', async () => {
  const { events, context } = contextOf();
  const { decision } = await runDecision(context, 'whoami', () => Promise.reject(new TypeError('secret')));
  expect(decision).toMatchObject({ outcome: 'unavailable', code: 'internal' });
  expect(events).toMatchObject([{ code: 'internal', thrown: { name: 'TypeError' } }]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('a decision that outlasts its deadline is unavailable, its signal aborts, and its notes are recorded', async () => {
  const { events, context } = contextOf(5);
  let signal: AbortSignal | undefined;
  const { decision } = await runDecision(context, 'whoami', (trace, given) => {
    trace.note({ cluster: 'demo' });
    signal = given;
    return new Promise<never>(() => {});
  });
  expect(decision).toMatchObject({ code: 'deadline_exceeded', data: { milliseconds: 5 } });
  expect(signal?.aborted).toBe(true);
  expect(events).toMatchObject([{ cluster: 'demo', code: 'deadline_exceeded' }]);
});
