/**
 * One run of the group sync, from the lease to the report. Read this first: everything is read before anything
 * is written, and what could not be read changes nothing.
 */
import type { Instant } from '../errors.ts';
import type { Store } from '../store/ports.ts';
import { type Lease, syncActor, type SyncRun } from '../records/sync-run.ts';
import { closeAbandonedRuns } from './abandoned-runs.ts';
import { carriedLastGood, goodAt, knownLastGood } from './last-good.ts';
import type { Reading } from './grants/membership.ts';
import { planSync } from './grants/plan.ts';
import { type ReadGroup, readGroups } from './read-groups.ts';
import { RunRecord } from './run-record.ts';
import { readTable, type TableReading } from './table-reading.ts';
import { countWrites, detailOf, isBroken, isWhole, writePlan } from './write-plan.ts';

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
/** Beyond the end of the function: whatever of a run was still on its way has arrived by then, or never does. */
const leaseMargin = 60_000;
/** Enough to find the last run that knew when bindings were last good, and runs that ended without a report. */
const runsToLookAt = 20;

/** Runs, and returns the record that it has stored. Never throws for IAM or the store: it says what failed. */
export async function runSync(deps: SyncDependencies, request: SyncRequest): Promise<SyncRun> {
  const { store, clock, remaining } = deps;
  const listed = await store.listRuns({ limit: runsToLookAt });
  const runs = listed.ok ? listed.value.items : [];
  // Lambda can deliver one event twice: a run that has ended is not run again, and keeps its report.
  const ended = runs.find((run) => run.id === request.runId && run.state !== 'running');
  if (ended !== undefined) return ended;
  const record = new RunRecord(deps, { ...begin(request, clock()), lastGood: carriedLastGood(runs) });
  // A dry run writes no grant: it neither needs the lease nor keeps a real run from it.
  if (request.dryRun) return syncOnce(deps, request, record, undefined);
  const leaseTime = remaining() + leaseMargin;
  const claimed = await store.acquireLease(request.runId, leaseTime);
  if (!claimed.ok) return record.fail(claimed.failure);
  if (!claimed.value.held) return record.standBack(claimed.value.by, claimed.value.until);
  const { lease } = claimed.value;
  try {
    await closeAbandonedRuns(store, runs, request.runId, clock(), leaseTime);
    return await syncOnce(deps, request, record, lease);
  } finally {
    await store.releaseLease(lease);
  }
}

const begin = ({ runId, requestedBy, dryRun, only, force }: SyncRequest, now: Instant): SyncRun => ({
  id: runId,
  state: 'running',
  dryRun,
  requestedBy,
  startedAt: new Date(now).toISOString(),
  ...(force ? { force: true } : {}),
  ...(only === undefined ? {} : { only: [...only] }),
  written: 0,
  bindings: [],
});

async function syncOnce(
  deps: SyncDependencies,
  request: SyncRequest,
  record: RunRecord,
  lease: Lease | undefined,
): Promise<SyncRun> {
  const { store, remaining } = deps;
  const stored = await record.save({});
  if (!stored.ok) return record.fail(stored.failure);
  const table = await readTable(store);
  if (!table.ok) return record.fail(table.failure);
  const lastGood = knownLastGood(table.value, record.run.lastGood);
  const plan = planSync({
    ...selected(table.value, request),
    readings: await readIam(deps, table.value, request),
    force: request.force,
  });
  await record.save({ planned: countWrites(plan), bindings: [...plan.reports], lastGood });
  if (lease === undefined) return record.finish('done', {});
  const applied = await writePlan(plan, table.value, {
    store,
    lease,
    actor: syncActor(lease),
    hasTime: () => remaining() > reserve,
    onProgress: async (written) => void (await record.save({ written })),
  });
  return record.finish(isBroken(applied) ? 'failed' : 'done', {
    written: applied.written,
    ...detailOf(applied, plan),
    ...(isWhole(applied) ? { lastGood: { ...lastGood, ...goodAt(plan, record.now()) } } : {}),
  });
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
