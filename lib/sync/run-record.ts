/** The record of a run: kept here while it goes on, and stored at each step that somebody may want to see. */
import { describe, type Instant, type Result, type Unavailable } from '../errors.ts';
import type { SyncStore } from '../store/ports.ts';
import type { SyncRun } from '../records/sync-run.ts';

export class RunRecord {
  run: SyncRun;
  readonly #store: Pick<SyncStore, 'putRun'>;
  readonly #clock: () => Instant;

  /** `run` is not stored yet. */
  constructor(
    { store, clock }: { readonly store: Pick<SyncStore, 'putRun'>; readonly clock: () => Instant },
    run: SyncRun,
  ) {
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

  /** Another run is under way. The schedule comes back by itself; a person is told. */
  async standBack(holder: string, until: Instant): Promise<SyncRun> {
    const detail = `Run ${holder} is under way, until ${new Date(until).toISOString()} at most: try again then.`;
    if (this.run.requestedBy === 'schedule') return { ...this.run, state: 'done', detail };
    // Lambda can deliver one event twice: the record is that of the invocation which holds the lease.
    if (holder === this.run.id) return { ...this.run, detail };
    return this.finish('failed', { detail });
  }
}
