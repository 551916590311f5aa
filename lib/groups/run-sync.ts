/**
 * One run of the group sync, from the lease to the report. Read this first: everything is read before anything
 * is written, and what could not be read changes nothing.
 */
import { describe, type Instant, type Result, type Unavailable } from '../errors.ts';
import type { Scope } from '../mapping/types.ts';
import type { Store } from '../store/ports.ts';
import type { Lease, SyncRun } from '../store/sync-run.ts';
import { applyPlan, type Applied } from './apply.ts';
import type { Plan, Reading } from './membership.ts';
import { planSync } from './plan.ts';
import { type ReadGroup, readGroups } from './read-groups.ts';
import { readTable, type TableReading } from './table-reading.ts';

export interface SyncDependencies {
  readonly store: Store;
  readonly readGroup: ReadGroup;
  readonly clock: () => Instant;
  /** Milliseconds until the function is ended from outside. */
  readonly remaining: () => number;
}

export interface SyncRequest {
  /** A ULID. The record of a run that was asked for exists already, as `running`. */
  readonly runId: string;
  /** Whoever asked for it: an actor, or `schedule`. */
  readonly requestedBy: string;
  readonly dryRun: boolean;
  /** Ids of the bindings to sync; absent: all of them, and those that were deleted. */
  readonly only?: readonly string[] | undefined;
  /** Lifts the guard on withdrawals. */
  readonly force: boolean;
}

/** A run begins no write when less than this is left: a write and the report take a few hundred milliseconds. */
const reserve = 10_000;
/** Beyond the end of the function, so that a run which was frozen in a write cannot outlive its lease. */
const leaseMargin = 60_000;

/** Runs, and returns the record that it has stored. Never throws for IAM or the store: it says what failed. */
export async function runSync(deps: SyncDependencies, request: SyncRequest): Promise<SyncRun> {
  const { store, clock, remaining } = deps;
  const record = new RunRecord(store, clock, {
    ...begin(request, clock()),
    lastGood: await carriedLastGood(store),
  });
  // A dry run writes no grant: it neither needs the lease nor keeps a real run from it.
  if (request.dryRun) return syncOnce(deps, request, record, undefined);
  const claimed = await store.acquireLease(request.runId, remaining() + leaseMargin);
  if (!claimed.ok) return record.fail(claimed.failure);
  if (!claimed.value.held) return record.standBack(claimed.value.by, claimed.value.until);
  const { lease } = claimed.value;
  try {
    return await syncOnce(deps, request, record, lease);
  } finally {
    await store.releaseLease(lease);
  }
}

async function syncOnce(
  deps: SyncDependencies,
  request: SyncRequest,
  record: RunRecord,
  lease: Lease | undefined,
): Promise<SyncRun> {
  const stored = await record.save({});
  if (!stored.ok) return record.fail(stored.failure);
  const table = await readTable(deps.store);
  if (!table.ok) return record.fail(table.failure);
  const lastGood = knownLastGood(table.value, record.run.lastGood ?? {});
  const plan = planSync({
    ...selected(table.value, request),
    readings: await readIam(deps, table.value, request),
    force: request.force,
  });
  await record.save({ planned: plan.writes.length, bindings: [...plan.reports], lastGood });
  if (lease === undefined) return record.finish('done', {});
  const applied = await write(deps, table.value, plan, lease, record);
  const isWhole = applied.stopped === undefined && applied.moved === 0;
  return record.finish(isBroken(applied) ? 'failed' : 'done', {
    written: applied.written,
    ...detailOf(applied, plan),
    ...(isWhole ? { lastGood: { ...lastGood, ...goodNow(plan, deps.clock()) } } : {}),
  });
}

/** The record of this run: kept here, and stored at each step that somebody may want to see. */
class RunRecord {
  run: SyncRun;
  readonly #store: Store;
  readonly #clock: () => Instant;

  constructor(store: Store, clock: () => Instant, run: SyncRun) {
    this.#store = store;
    this.#clock = clock;
    this.run = run;
  }

  async save(fields: Partial<SyncRun>): Promise<Result<void, Unavailable>> {
    this.run = { ...this.run, ...fields };
    return this.#store.putRun(this.run);
  }

  async finish(state: 'done' | 'failed', fields: Partial<SyncRun>): Promise<SyncRun> {
    await this.save({ ...fields, state, finishedAt: new Date(this.#clock()).toISOString() });
    return this.run;
  }

  async fail(failure: Unavailable): Promise<SyncRun> {
    return this.finish('failed', { detail: describe(failure) });
  }

  /** Another run is under way. The schedule comes back by itself; a person is told. */
  async standBack(holder: string, until: Instant): Promise<SyncRun> {
    const detail = `Run ${holder} is under way, until ${new Date(until).toISOString()} at most: try again then.`;
    if (this.run.requestedBy === 'schedule') return { ...this.run, state: 'done', detail };
    return this.finish('failed', { detail });
  }
}

const begin = (request: SyncRequest, now: Instant): SyncRun => ({
  id: request.runId,
  state: 'running',
  dryRun: request.dryRun,
  requestedBy: request.requestedBy,
  startedAt: new Date(now).toISOString(),
  ...(request.force ? { force: true } : {}),
  ...(request.only === undefined ? {} : { only: [...request.only] }),
  written: 0,
  bindings: [],
});

/** Each run carries on what the run before it knew. Losing it costs an alarm too many, never a grant. */
async function carriedLastGood(store: Store): Promise<Record<string, string>> {
  const runs = await store.listRuns({ limit: 20 });
  return (runs.ok ? runs.value.items.find((run) => run.lastGood !== undefined)?.lastGood : undefined) ?? {};
}

/** Of the bindings that there are. One that never had a good run counts from when it was made. */
function knownLastGood({ bindings }: TableReading, carried: Record<string, string>): Record<string, string> {
  return Object.fromEntries(bindings.map(({ id, createdAt }) => [id, carried[id] ?? createdAt]));
}

/** Deleted bindings are part of a run over all bindings only, or where they are asked for by name. */
function selected(table: TableReading, { only }: SyncRequest) {
  const deletedBindings = [...table.deletedBindings].filter((id) => only?.includes(id) ?? true);
  return { bindings: table.bindings, deletedBindings: new Set(deletedBindings), grants: table.grants };
}

async function readIam(
  { readGroup }: SyncDependencies,
  { bindings, missingScopes }: TableReading,
  { only }: SyncRequest,
): Promise<Map<string, Reading>> {
  const wanted = bindings.filter((binding) => only?.includes(binding.id) ?? true);
  const readings = await readGroups(
    wanted.filter((binding) => !missingScopes.has(binding.scope)),
    readGroup,
  );
  for (const { id, scope } of wanted) {
    if (missingScopes.has(scope)) readings.set(id, { outcome: 'refused', detail: `There is no ${scope}.` });
  }
  return readings;
}

/** Scopes are noted before the first grant in them, and struck off once nothing is left there. */
async function write(
  { store, remaining }: SyncDependencies,
  table: TableReading,
  plan: Plan,
  lease: Lease,
  record: RunRecord,
): Promise<Applied> {
  const known = new Set(table.syncedScopes);
  const granted = new Set(plan.writes.flatMap((item) => (item.kind === 'delete' ? [] : [item.after.scope])));
  for (const scope of granted) {
    if (known.has(scope)) continue;
    const added = await store.addSyncedScope(scope);
    if (!added.ok) return { written: 0, moved: 0, stopped: added.failure };
  }
  const hasTime = (): boolean => remaining() > reserve;
  const actor = `group-sync/${lease.runId}`;
  const onProgress = async (written: number): Promise<void> => void (await record.save({ written }));
  const applied = await applyPlan(plan.writes, { store, lease, actor, hasTime, onProgress });
  if (applied.stopped === undefined && applied.moved === 0) {
    for (const scope of emptiedScopes(table, plan)) await store.removeSyncedScope(scope);
  }
  return applied;
}

function emptiedScopes(table: TableReading, plan: Plan): readonly Scope[] {
  const left = new Map<Scope, number>();
  const count = (scope: Scope, by: number): void => void left.set(scope, (left.get(scope) ?? 0) + by);
  for (const grant of table.grants) count(grant.scope, 1);
  for (const item of plan.writes) {
    if (item.kind === 'delete') count(item.before.scope, -1);
    if (item.kind === 'create') count(item.after.scope, 1);
  }
  const bound = new Set(table.bindings.map((binding) => binding.scope));
  return table.syncedScopes.filter((scope) => !bound.has(scope) && (left.get(scope) ?? 0) === 0);
}

const isBroken = ({ stopped }: Applied): boolean => stopped !== undefined && stopped !== 'time';

function detailOf({ stopped, written, moved }: Applied, plan: Plan): { detail?: string } {
  const done = `${written} of ${plan.writes.length} grants were written`;
  if (stopped === 'time') return { detail: `${done} before the time ran out; the next run goes on.` };
  if (stopped === 'lease_lost') return { detail: `${done} before another run took over.` };
  if (stopped !== undefined) return { detail: `${done}. ${describe(stopped)}` };
  return moved > 0 ? { detail: `${done}; ${moved} had changed meanwhile and are left to the next run.` } : {};
}

function goodNow(plan: Plan, now: Instant): Record<string, string> {
  const at = new Date(now).toISOString();
  return Object.fromEntries(
    plan.reports.filter((report) => report.outcome === 'ok').map((report) => [report.id, at]),
  );
}
