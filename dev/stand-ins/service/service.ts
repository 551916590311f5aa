/** What the stand-ins for STS and IAM have in common: operations by name, each from a call to an answer. */
import type { AwsAccounts, Caller } from './accounts.ts';
import type { Answered } from './answer.ts';

/** One call of an operation, after its signature was verified. */
export interface Call {
  readonly accounts: AwsAccounts;
  readonly caller: Caller;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A value of an answer. In XML the items of a list are `member` elements; `undefined` is left out. */
export type AnswerValue =
  | string
  | number
  | boolean
  | Date
  | readonly AnswerValue[]
  | { readonly [name: string]: AnswerValue | undefined };

export type AnswerFields = { readonly [name: string]: AnswerValue | undefined };
export type Operation = (call: Call) => Answered<AnswerFields>;

export interface Service {
  readonly name: 'sts' | 'iam';
  /** Of the API: a request must name it. */
  readonly version: string;
  /** Of the XML. */
  readonly namespace: string;
  /** STS answers in JSON if `Accept` asks for it. */
  readonly speaksJson: boolean;
  readonly operations: ReadonlyMap<string, Operation>;
}
