/** The record of a run: held in memory while the run lasts, and stored at each step that an admin may want to see. */
import { describe, type Instant, type Result, type Unavailable } from '../errors.ts';
import { ownField } from '../json/record.ts';
import type { SyncRun } from '../records/sync-run.ts';
import type { SyncStore } from '../store/ports.ts';
import type { Plan } from './grants/plan.ts';
import type { TableReading } from './read.ts';

export interface RecordDependencies {
  readonly store: Pick<SyncStore, 'putRun'>;
  readonly clock: () => Instant;
}

/** A class, because there is state. */
export class RunRecord {
  run: SyncRun;
  readonly #store: RecordDependencies['store'];
  readonly #clock: RecordDependencies['clock'];

  /** `run` is stored by the first `save`. */
  constructor({ store, clock }: RecordDependencies, run: SyncRun) {
    this.#store = store;
    this.#clock = clock;
    this.run = run;
  }

  /** RFC 3339, UTC. */
  now(): string {
    return new Date(this.#clock()).toISOString();
  }

  async save(fields: Partial<SyncRun>): Promise<Result<void, Unavailable>> {
    this.run = { ...this.run, ...fields };
    return this.#store.putRun(this.run);
  }

  async finish(state: 'done' | 'failed', fields: Partial<SyncRun>): Promise<SyncRun> {
    await this.save({ ...fields, state, finishedAt: this.now() });
    return this.run;
  }

  async fail(failure: Unavailable): Promise<SyncRun> {
    return this.finish('failed', { detail: describe(failure) });
  }

  /** Another run holds the lease. The schedule runs again by itself; a caller gets a failed run. */
  async standBack(holder: string, until: Instant): Promise<SyncRun> {
    const detail = `Run ${holder} is in progress, until ${new Date(until).toISOString()} at the latest: try again then.`;
    if (this.run.requestedBy === 'schedule') return { ...this.run, state: 'done', detail };
    // Lambda can deliver an event repeatedly: the record belongs to the invocation that holds the lease.
    if (holder === this.run.id) return { ...this.run, detail };
    return this.finish('failed', { detail });
  }
}

/** When each binding last had a good run. By binding id: RFC 3339, UTC. */
export type LastGood = Record<string, string>;

/**
 * Each run carries on what the runs before it knew. If that is lost, an alarm rings too early; no grant changes.
 * @param runs the newest first
 * @returns `undefined` if no run is known
 */
export const lastGoodOf = (runs: readonly SyncRun[]): LastGood | undefined =>
  runs.find((run) => run.lastGood !== undefined)?.lastGood;

/**
 * The same for the bindings that exist. A binding without a good run counts from its creation; an unreadable one only if
 * an earlier run knew it, since its creation is unknown.
 */
export function lastGoodOfBindings(
  { bindings, unreadableBindings }: Pick<TableReading, 'bindings' | 'unreadableBindings'>,
  lastGood: LastGood = {},
): LastGood {
  const known: LastGood = {};
  for (const { id, createdAt } of bindings) known[id] = ownField(lastGood, id) ?? createdAt;
  for (const id of unreadableBindings.keys()) {
    const at = ownField(lastGood, id);
    if (at !== undefined) known[id] = at;
  }
  return known;
}

/** Valid once the whole plan was written. */
export const lastGoodAfter = ({ good }: Plan, at: string): LastGood =>
  Object.fromEntries(good.map((id) => [id, at]));

const abandonedDetail =
  'The run ended without a report: see the log of the sync function. Later runs are not affected.';

/**
 * Marks runs as failed that have been `running` for longer than a lease lasts: their process has ended without a
 * report. Call it under the lease.
 */
export async function closeAbandonedRuns(
  { store, clock }: RecordDependencies,
  runs: readonly SyncRun[],
  own: string,
  leaseTime: number,
): Promise<void> {
  const now = clock();
  for (const run of runs) {
    if (run.state !== 'running' || run.id === own || Date.parse(run.startedAt) + leaseTime > now) continue;
    await store.putRun({
      ...run,
      state: 'failed',
      finishedAt: new Date(now).toISOString(),
      detail: abandonedDetail,
    });
  }
}
