/**
 * One run of the group sync. Start here: acquire the lease, read everything (`read.ts`, `iam.ts`), plan (`grants/plan.ts`),
 * write (`write.ts`), and keep the record of the run at each step (`record.ts`). What could not be read changes nothing.
 */
import { ulid } from 'ulid';
import * as v from 'valibot';
import type { Instant } from '../errors.ts';
import type { Lease, SyncRun } from '../records/sync-run.ts';
import type { Store } from '../store/ports.ts';
import { planSync } from './grants/plan.ts';
import { type ReadGroup, readGroups, readTable, type TableReading } from './read.ts';
import { closeAbandonedRuns, lastGoodAfter, lastGoodOf, lastGoodOfBindings, RunRecord } from './record.ts';
import { countWrites, detailOf, isComplete, isFailed, writePlan } from './write.ts';

export interface SyncDependencies {
  readonly store: Store;
  readonly readGroup: ReadGroup;
  readonly clock: () => Instant;
  /** Milliseconds until the function is ended from outside. */
  readonly remaining: () => number;
}

export interface SyncRequest {
  /** A ULID. If a caller asked for the run, its record exists already, as `running`. */
  readonly runId: string;
  /** An actor, or `schedule`. */
  readonly requestedBy: string;
  readonly dryRun: boolean;
  /** Ids of the bindings to sync. Default: all bindings, and the deleted ones. */
  readonly only?: readonly string[] | undefined;
  /** Lifts the guard on withdrawals. */
  readonly force: boolean;
}

/** The payload of the admin API's asynchronous call. */
const SyncCall = v.strictObject({
  runId: v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'Must be a ULID.')),
  requestedBy: v.pipe(v.string(), v.minLength(1, 'Must not be empty.')),
  dryRun: v.boolean(),
  only: v.optional(v.array(v.string())),
  force: v.boolean(),
});
export type SyncCall = v.InferOutput<typeof SyncCall>;

/**
 * An event without `runId` comes from the schedule and asks for a run over all bindings, under the guard. An event with
 * `runId` comes from the admin API and must be well-formed.
 * @throws Error that names the wrong fields
 */
export function parseSyncEvent(event: unknown): SyncRequest {
  if (typeof event !== 'object' || event === null || !('runId' in event)) {
    return { runId: ulid(), requestedBy: 'schedule', dryRun: false, force: false };
  }
  const parsed = v.safeParse(SyncCall, event);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw new Error(`The event is not a call of the group sync: ${problems.join('; ')}`);
}

/** A run begins no write if less than this is left: a write and the report need a few hundred milliseconds. */
const reserveMilliseconds = 10_000;
/** Past the end of the function: by then, every write that was in flight has landed or never will. */
const leaseMarginMilliseconds = 60_000;
/** Enough to find the last run that knew the age of each binding, and runs that ended without a report. */
const recentRuns = 20;

/** Returns the record of the run as stored. Never throws for IAM or the store: the record has the failure. */
export async function runSync(deps: SyncDependencies, request: SyncRequest): Promise<SyncRun> {
  const { store, remaining } = deps;
  const listed = await store.listRuns({ limit: recentRuns });
  const runs = listed.ok ? listed.value.items : [];
  // Lambda can deliver an event repeatedly: a run is idempotent, and one that has finished keeps its report.
  const finished = runs.find((run) => run.id === request.runId && run.state !== 'running');
  if (finished !== undefined) return finished;
  const record = new RunRecord(deps, { ...begin(request, deps.clock()), lastGood: lastGoodOf(runs) });
  // A dry run writes no grant: it neither needs the lease nor keeps a real run from it.
  if (request.dryRun) return syncOnce(deps, request, { record, areRunsKnown: listed.ok });
  const leaseTime = remaining() + leaseMarginMilliseconds;
  const claimed = await store.acquireLease(request.runId, leaseTime);
  if (!claimed.ok) return record.fail(claimed.failure);
  if (!claimed.value.held) return record.standBack(claimed.value.by, claimed.value.until);
  const { lease } = claimed.value;
  try {
    await closeAbandonedRuns(deps, runs, request.runId, leaseTime);
    return await syncOnce(deps, request, { record, areRunsKnown: listed.ok, lease });
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

interface Attempt {
  readonly record: RunRecord;
  /** If not, the age of no binding is known, and this run records none: the next run finds those of the runs before. */
  readonly areRunsKnown: boolean;
  /** Absent: a dry run. */
  readonly lease?: Lease;
}

async function syncOnce(
  { store, readGroup, remaining }: SyncDependencies,
  request: SyncRequest,
  { record, areRunsKnown, lease }: Attempt,
): Promise<SyncRun> {
  const stored = await record.save({});
  if (!stored.ok) return record.fail(stored.failure);
  const table = await readTable(store);
  if (!table.ok) return record.fail(table.failure);
  const lastGood = areRunsKnown ? lastGoodOfBindings(table.value, record.run.lastGood) : undefined;
  const plan = planSync({
    bindings: table.value.bindings,
    ...selectBindings(table.value, request),
    readings: await readGroups(readGroup, table.value, request.only),
    grants: table.value.grants,
    force: request.force,
  });
  await record.save({ planned: countWrites(plan), bindings: [...plan.reports], lastGood });
  if (lease === undefined) return record.finish('done', {});
  const applied = await writePlan(plan, table.value, {
    store,
    lease,
    hasTime: () => remaining() > reserveMilliseconds,
    onProgress: async (written) => void (await record.save({ written })),
  });
  return record.finish(isFailed(applied) ? 'failed' : 'done', {
    written: applied.written,
    ...detailOf(applied, plan),
    ...(lastGood !== undefined && isComplete(applied)
      ? { lastGood: { ...lastGood, ...lastGoodAfter(plan, record.now()) } }
      : {}),
  });
}

/** A run over chosen bindings includes a deleted or an unreadable binding only if it is among the chosen. */
function selectBindings({ deletedBindings, unreadableBindings }: TableReading, { only }: SyncRequest) {
  const isChosen = (id: string): boolean => only?.includes(id) ?? true;
  return {
    deletedBindings: new Set([...deletedBindings].filter(isChosen)),
    unreadableBindings: new Map([...unreadableBindings].filter(([id]) => isChosen(id))),
  };
}
