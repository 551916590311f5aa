/** What becomes known during a decision, and the event that the log holds of it. */
import { describe, describeCallerError } from '../errors.ts';
import type { Instant } from '../errors.ts';
import type { ReportedIdentity } from '../identity/caller-identity.ts';
import type { Answerable } from '../kubernetes/answer.ts';
import type { TokenReviewVersion } from '../kubernetes/token-review.ts';
import type { ResolvedUser } from '../resolve/resolve.ts';
import type { DecisionEvent } from '../log/decision-event.ts';
import { namesWithoutCaller } from '../log/scrub.ts';

/** Each is set once it is known. Durations are in milliseconds. */
export interface TraceNotes {
  readonly cluster?: string;
  readonly apiVersion?: TokenReviewVersion;
  readonly stsHost?: string;
  readonly identity?: ReportedIdentity;
  readonly identityCacheHit?: boolean | undefined;
  readonly stsDuration?: number | undefined;
  readonly storeDuration?: number;
  readonly user?: ResolvedUser;
  readonly thrown?: { readonly name: string; readonly frames: readonly string[] };
}

/** A class, because there is state: it fills during a decision, and outlives one that its deadline ended. */
export class ReviewTrace {
  readonly decisionId: string;
  readonly #clock: () => Instant;
  readonly #started: Instant;
  #notes: TraceNotes = {};

  constructor(decisionId: string, clock: () => Instant) {
    this.decisionId = decisionId;
    this.#clock = clock;
    this.#started = clock();
  }

  get notes(): TraceNotes {
    return this.#notes;
  }

  note(notes: TraceNotes): void {
    this.#notes = { ...this.#notes, ...notes };
  }

  /** Waits for the work and notes its duration. */
  async time<T>(name: 'storeDuration', work: Promise<T>): Promise<T> {
    const started = this.#clock();
    try {
      return await work;
    } finally {
      this.note({ [name]: this.#clock() - started });
    }
  }

  /** The decision event. For a scrubbed account it holds the decision, but not the caller. */
  toEvent(
    decision: Answerable,
    of: DecisionEvent['function'],
    scrubbedAccounts: ReadonlySet<string>,
  ): DecisionEvent {
    const { cluster, stsHost, identityCacheHit, stsDuration, storeDuration, thrown } = this.#notes;
    return {
      function: of,
      decisionId: this.decisionId,
      time: this.#started,
      outcome: decision.outcome,
      code: decision.outcome === 'verified' ? 'verified' : decision.code,
      cluster,
      ...this.#callerFields(decision, scrubbedAccounts),
      stsHost,
      unreachableElsewhere: isElsewhere(decision) ? true : undefined,
      identityCacheHit,
      // A cached answer has no duration of STS.
      stsDuration: identityCacheHit === true ? undefined : stsDuration,
      storeDuration,
      duration: this.#clock() - this.#started,
      thrown,
    };
  }

  #callerFields(decision: Answerable, scrubbedAccounts: ReadonlySet<string>): Partial<DecisionEvent> {
    const { identity, user } = this.#notes;
    if (identity !== undefined && scrubbedAccounts.has(identity.accountId))
      return scrubbedUser(identity, user);
    return {
      detail: sentenceOf(decision),
      canonicalArn: identity?.canonicalArn,
      principalId: identity?.principalId,
      sessionName: identity?.sessionName,
      accessKeyId: identity?.accessKeyId,
      username: user?.username,
      groups: user?.groups,
      grantedBy: user?.grantedBy.map(({ mappingId }) => mappingId),
    };
  }
}

/** The ids of mappings hold ARNs, so they are left out; the names stay if they show nothing of the caller. */
function scrubbedUser(identity: ReportedIdentity, user: ResolvedUser | undefined): Partial<DecisionEvent> {
  if (user === undefined) return { scrubbed: true };
  const [username] = namesWithoutCaller(identity, [user.username]);
  return { scrubbed: true, username, groups: namesWithoutCaller(identity, user.groups) };
}

const isElsewhere = (decision: Answerable): boolean =>
  decision.outcome === 'unavailable' &&
  decision.code === 'sts_unreachable' &&
  decision.data.elsewhere === true;

/** `undefined` for a verified caller: its username and groups are the result. */
function sentenceOf(decision: Answerable): string | undefined {
  if (decision.outcome === 'verified') return undefined;
  return decision.outcome === 'caller_error' ? describeCallerError(decision) : describe(decision);
}
