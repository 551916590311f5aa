/** Exponential back-off with full jitter, so that many callers do not retry at the same moment. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Uniform in [0, 1). */
export type Random = () => number;

const baseMilliseconds = 25;
const capMilliseconds = 400;

/** Waits before retry `attempt`, from 1. `false`: the signal aborted, so there must be no further attempt. */
export async function backOff(attempt: number, random: Random, signal: AbortSignal): Promise<boolean> {
  const limit = Math.min(capMilliseconds, baseMilliseconds * 2 ** attempt);
  try {
    await sleep(random() * limit, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
