/** A deadline for a whole decision, whatever its parts do. */
import { unavailable } from '../errors.ts';
import type { UnavailableOf } from '../errors.ts';

/** The apiserver tries five times within 30 s, so each answer must arrive within 5 s. */
export const answerMilliseconds = 4_500;

/**
 * The result of `work`, or `deadline_exceeded` after `milliseconds`, even if a part of the work ignores its signal, which
 * aborts then. An error after the deadline is dropped.
 */
export async function withinDeadline<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | UnavailableOf<'deadline_exceeded'>> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<UnavailableOf<'deadline_exceeded'>>((resolve) => {
    timer = setTimeout(() => {
      resolve(unavailable('deadline_exceeded', { milliseconds }).failure);
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
