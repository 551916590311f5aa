/** Waiting between attempts, with full jitter, so that many callers do not come back at one moment. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Uniform in [0, 1). */
export type Random = () => number;

const baseMilliseconds = 25;
const capMilliseconds = 400;

/** Waits before attempt `attempt` (1 is the first repetition). `false`: the signal ended it, try no more. */
export async function backOff(attempt: number, random: Random, signal: AbortSignal): Promise<boolean> {
  const limit = Math.min(capMilliseconds, baseMilliseconds * 2 ** attempt);
  try {
    await sleep(random() * limit, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
