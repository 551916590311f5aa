/** A clock for the ages of what is cached: it is never set back, and it does not stand still while the process is frozen. */
import type { Instant } from '../errors.ts';

/**
 * Since the last look it has advanced as far as the clock that advanced further: the wall clock, which goes on while Lambda freezes
 * the process, or the one since the start of the process, which is never set back. Only differences of its times mean anything.
 * @param wall milliseconds since the epoch
 * @param monotonic milliseconds since any moment
 */
export function createSteadyClock(wall: () => Instant, monotonic: () => number): () => Instant {
  let last = { wall: wall(), monotonic: monotonic() };
  let steady = last.wall;
  return () => {
    const now = { wall: wall(), monotonic: monotonic() };
    steady += Math.max(0, now.wall - last.wall, now.monotonic - last.monotonic);
    last = now;
    return steady;
  };
}
