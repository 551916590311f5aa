/** Runs whose process ended before they could say how: without this they would be `running` for ever. */
import type { Instant } from '../errors.ts';
import type { SyncStore } from '../store/ports.ts';
import type { SyncRun } from '../records/sync-run.ts';

const detail = 'It ended without a report: see the log of the sync function. Later runs went on.';

/** Marks as failed what has been `running` for longer than a lease lasts. To be called under the lease. */
export async function closeAbandonedRuns(
  store: Pick<SyncStore, 'putRun'>,
  runs: readonly SyncRun[],
  own: string,
  now: Instant,
  leaseTime: number,
): Promise<void> {
  for (const run of runs) {
    if (run.state !== 'running' || run.id === own || Date.parse(run.startedAt) + leaseTime > now) continue;
    await store.putRun({ ...run, state: 'failed', finishedAt: new Date(now).toISOString(), detail });
  }
}
