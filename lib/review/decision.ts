/** Runs one decision: within its deadline, with what it threw turned into `internal`, and with its event recorded. */
import { answerMilliseconds, withinDeadline } from '../async/deadline.ts';
import { unavailable } from '../errors.ts';
import type { Instant } from '../errors.ts';
import type { Answerable } from '../kubernetes/answer.ts';
import { describeThrown } from '../log/decision-log.ts';
import type { DecisionEvent, DecisionSink } from '../log/decision-log.ts';
import { ReviewTrace } from './trace.ts';

export interface DecisionContext {
  readonly clock: () => Instant;
  /** Makes decision ids, which find an event in the log. */
  readonly newId: () => string;
  readonly sink: DecisionSink;
  readonly scrubbedAccounts: ReadonlySet<string>;
  /** Default {@link answerMilliseconds}. */
  readonly deadlineMilliseconds?: number;
}

/** What was decided, and what became known on the way. Never rejects. */
export async function runDecision(
  context: DecisionContext,
  of: DecisionEvent['function'],
  decide: (trace: ReviewTrace, signal: AbortSignal) => Promise<Answerable>,
): Promise<{ readonly decision: Answerable; readonly trace: ReviewTrace }> {
  const trace = new ReviewTrace(context.newId(), context.clock);
  const decision = await withinDeadline<Answerable>(
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
