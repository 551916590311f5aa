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

/** Runs both loads at the same time. */
export async function runFlood(review: Review, options: FloodOptions): Promise<FloodResult> {
  const latencies: number[] = [];
  const counts = { logins: 0, foreign: 0 };
  const errors = { loginErrors: new Array<string>(), foreignErrors: new Array<string>() };
  const { seconds, flood, logins } = options;
  await Promise.all([
    atRate(logins, seconds, async () => {
      const token = freshToken((serial += 1));
      const started = performance.now();
      counts.logins += 1;
      await review('demo', token).catch((error: unknown) => errors.loginErrors.push(String(error)));
      latencies.push(performance.now() - started);
    }),
    atRate(flood, seconds, async () => {
      counts.foreign += 1;
      await review('other', foreignToken()).catch((error: unknown) =>
        errors.foreignErrors.push(String(error)),
      );
    }),
  ]);
  return { ...counts, ...errors, latencies: latencies.toSorted((a, b) => a - b) };
}

/** @param share 0.99 for p99 */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
