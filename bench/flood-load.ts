/** The flood: foreign tokens at one cluster, beside the logins of another one. What carries a review is an argument. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshToken } from './review-event.ts';

/** Sends one review. Rejects with what is wrong with the answer: a login must be let in, a foreign token refused without an error. */
export type Review = (cluster: 'demo' | 'other', token: string) => Promise<void>;

export interface FloodOptions {
  readonly seconds: number;
  /** Foreign tokens a second at `other`. Default: none, for comparison. */
  readonly flood: number;
  /** Logins a second at `demo`, each with a token that is in no cache. */
  readonly logins: number;
}

export interface FloodResult {
  readonly logins: number;
  readonly loginErrors: readonly string[];
  /** Milliseconds, ascending. */
  readonly latencies: readonly number[];
  readonly foreign: number;
  readonly foreignErrors: readonly string[];
  /** Foreign tokens that were sent in each second: what the sender reached, whatever the rate asks for. */
  readonly sentBySecond: readonly number[];
}

/** Sends at a fixed rate, however slow the answers are; resolves after the last answer. */
async function atRate(rate: number, seconds: number, send: () => Promise<void>): Promise<void> {
  const open: Promise<void>[] = [];
  const started = performance.now();
  const total = Math.round(rate * seconds);
  while (open.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - started) / 1000) * rate));
    while (open.length < due) open.push(send());
    await sleep(2);
  }
  await Promise.all(open);
}

/** A foreign token that no cache of an apiserver would know: each is another one. */
const foreignToken = (): string => `eyJhbGciOiJSUzI1NiJ9.${randomBytes(24).toString('base64url')}.c2ln`;

let serial = 0;

/** What one run counts, and how it sends one login or one foreign token. */
function tally(review: Review) {
  const latencies: number[] = [];
  const counts = { logins: 0, foreign: 0 };
  const sentBySecond: number[] = [];
  const begun = performance.now();
  const errors = { loginErrors: new Array<string>(), foreignErrors: new Array<string>() };
  return {
    login: async (): Promise<void> => {
      const token = freshToken((serial += 1));
      const started = performance.now();
      counts.logins += 1;
      await review('demo', token).catch((error: unknown) => errors.loginErrors.push(String(error)));
      latencies.push(performance.now() - started);
    },
    foreign: async (): Promise<void> => {
      counts.foreign += 1;
      const second = Math.floor((performance.now() - begun) / 1000);
      sentBySecond[second] = (sentBySecond[second] ?? 0) + 1;
      await review('other', foreignToken()).catch((error: unknown) =>
        errors.foreignErrors.push(String(error)),
      );
    },
    result: (): FloodResult => ({
      ...counts,
      ...errors,
      sentBySecond: Array.from(sentBySecond, (sent?: number) => sent ?? 0),
      latencies: latencies.toSorted((a, b) => a - b),
    }),
  };
}

/** Runs both loads at the same time, at their rates. */
export async function runFlood(
  review: Review,
  { seconds, flood, logins }: FloodOptions,
): Promise<FloodResult> {
  const { login, foreign, result } = tally(review);
  await Promise.all([atRate(logins, seconds, login), atRate(flood, seconds, foreign)]);
  return result();
}

/** Sends `total`, never more than `lanes` at once. */
async function inLanes(total: number, lanes: number, send: () => Promise<void>): Promise<void> {
  let left = total;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Runs numbers of both at the same time, as fast as the answers come: a slow machine takes longer, and fails nothing. */
export async function runCounted(
  review: Review,
  counts: { readonly foreign: number; readonly logins: number },
): Promise<FloodResult> {
  const { login, foreign, result } = tally(review);
  await Promise.all([inLanes(counts.logins, 1, login), inLanes(counts.foreign, 8, foreign)]);
  return result();
}

/** @param share 0.99 for p99 */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
