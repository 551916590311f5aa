/** What the sync function is called with: by the schedule with anything, by the admin API with a request. */
import { ulid } from 'ulid';
import * as z from 'zod/mini';
import type { SyncRequest } from './run.ts';

/** The payload of the admin API's asynchronous call. The run's record exists already, as `running`. */
export const SyncCall = z.strictObject({
  /** A ULID. */
  runId: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
  /** The actor who asked. */
  requestedBy: z.string().check(z.minLength(1)),
  dryRun: z.boolean(),
  only: z.optional(z.array(z.string())),
  force: z.boolean(),
});
export type SyncCall = z.infer<typeof SyncCall>;

/**
 * An event that does not name a run comes from the schedule: a run over all bindings, under the guard. One that
 * names a run must be well-formed.
 * @throws ZodError
 */
export function parseSyncEvent(event: unknown): SyncRequest {
  if (typeof event === 'object' && event !== null && 'runId' in event) return SyncCall.parse(event);
  return { runId: ulid(), requestedBy: 'schedule', dryRun: false, force: false };
}
