/** What the sync function is called with: by the schedule with anything, by the admin API with a request. */
import { ulid } from 'ulid';
import * as v from 'valibot';
import type { SyncRequest } from './run.ts';

/** The payload of the admin API's asynchronous call. The run's record exists already, as `running`. */
export const SyncCall = v.strictObject({
  /** A ULID. */
  runId: v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
  /** The actor who asked. */
  requestedBy: v.pipe(v.string(), v.minLength(1)),
  dryRun: v.boolean(),
  only: v.optional(v.array(v.string())),
  force: v.boolean(),
});
export type SyncCall = v.InferOutput<typeof SyncCall>;

/**
 * An event that does not name a run comes from the schedule: a run over all bindings, under the guard. One that
 * names a run must be well-formed.
 * @throws ZodError
 */
export function parseSyncEvent(event: unknown): SyncRequest {
  if (typeof event === 'object' && event !== null && 'runId' in event) return v.parse(SyncCall, event);
  return { runId: ulid(), requestedBy: 'schedule', dryRun: false, force: false };
}
