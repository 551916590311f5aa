/**
 * What every decision leaves behind. Fields are listed one by one: nothing else can reach the log, so no token, signature or
 * webhook token can.
 */
import type { Instant } from '../errors.ts';

export interface DecisionEvent {
  readonly function: 'token-review' | 'whoami';
  readonly decisionId: string;
  readonly time: Instant;
  readonly outcome: 'verified' | 'denied' | 'unavailable' | 'caller_error';
  /** `verified`, or a code of lib/errors.ts. */
  readonly code: string;
  /** The id of a recorded cluster. Absent if the caller did not show that cluster's webhook token. */
  readonly cluster?: string | undefined;
  /** The sentence of the code. */
  readonly detail?: string | undefined;
  readonly canonicalArn?: string | undefined;
  readonly principalId?: string | undefined;
  readonly sessionName?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly username?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  /** Ids of the mappings that granted; the first names the user. */
  readonly grantedBy?: readonly string[] | undefined;
  /** The caller's account is one of COUNTERSIGN_SCRUBBED_ACCOUNTS: what would show the caller is left out. */
  readonly scrubbed?: boolean | undefined;
  readonly stsHost?: string | undefined;
  /** No answer came from an STS host of another region than the deployment's. Absent otherwise. */
  readonly unreachableElsewhere?: true | undefined;
  readonly identityCacheHit?: boolean | undefined;
  /** Milliseconds. */
  readonly stsDuration?: number | undefined;
  /** Milliseconds: the read of the mappings. */
  readonly storeDuration?: number | undefined;
  /** Milliseconds, the whole answer. */
  readonly duration: number;
  /** Only with the code `internal`: the class and frames of the error. Never its message, which can quote a secret. */
  readonly thrown?: { readonly name: string; readonly frames: readonly string[] } | undefined;
}

/** Receives decision events: the log of a function, and the metrics of `countersign serve`. Must not throw. */
export interface DecisionSink {
  record(event: DecisionEvent): void;
}

/** Records each event in every sink. */
export const allSinks = (...sinks: readonly DecisionSink[]): DecisionSink => ({
  record: (event) => {
    for (const sink of sinks) sink.record(event);
  },
});
