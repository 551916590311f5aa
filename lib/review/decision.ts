/** Runs one decision: within its deadline, with anything thrown turned into `internal`, and with its event recorded. */
import { answerMilliseconds, withinDeadline } from '../async/deadline.ts';
import { unavailable } from '../errors.ts';
import type { Instant, Unavailable } from '../errors.ts';
import type { Answerable } from '../kubernetes/answer.ts';
import { describeThrown } from '../log/thrown.ts';
import type { DecisionEvent, DecisionSink } from '../log/decision-event.ts';
import { ReviewTrace } from './trace.ts';

export interface DecisionContext {
  readonly clock: () => Instant;
  /** Creates decision ids, by which an event is found in the log. */
  readonly newId: () => string;
  readonly sink: DecisionSink;
  readonly scrubbedAccounts: ReadonlySet<string>;
  /** Default {@link answerMilliseconds}. */
  readonly deadlineMilliseconds?: number;
}

/** The decision, and the trace of what became known before it. Never rejects. */
export async function runDecision<D extends Answerable>(
  context: DecisionContext,
  of: DecisionEvent['function'],
  decide: (trace: ReviewTrace, signal: AbortSignal) => Promise<D>,
): Promise<{ readonly decision: D | Unavailable; readonly trace: ReviewTrace }> {
  const trace = new ReviewTrace(context.newId(), context.clock);
  const decision = await withinDeadline<D | Unavailable>(
    context.deadlineMilliseconds ?? answerMilliseconds,
    async (signal) => {
      try {
        return await decide(trace, signal);
      } catch (error) {
        trace.note({ thrown: describeThrown(error) });
        return unavailable('internal', {}).failure;
      }
    },
  );
  context.sink.record(trace.toEvent(decision, of, context.scrubbedAccounts));
  return { decision, trace };
}
