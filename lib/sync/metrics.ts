/**
 * The log lines of a run: one for the run and one for each binding. Each line is an event and carries metrics in
 * CloudWatch's embedded metric format. Namespace `Countersign`; docs/metrics.md lists the alarms.
 *
 * | metric | unit | by |
 * |---|---|---|
 * | `SyncRuns` `SyncFailures` `SyncWrites` `SyncGuarded` `SyncUnreadable` `SyncRefused` | count, each run | Function |
 * | `SyncDuration` | ms, each run | Function |
 * | `SyncAge`: since the oldest last good run of any binding; absent if that is unknown | seconds, each run | Function |
 * | `SyncBindingAge`: since its last good run or its creation; absent if that is unknown | seconds, each run | Function, Binding |
 * | `SyncMembers` `SyncAdded` `SyncUpdated` `SyncRemoved` | counts, each run | Function, Binding |
 */
import type { Instant } from '../errors.ts';
import { ownField } from '../json/record.ts';
import type { BindingReport, SyncRun } from '../records/sync-run.ts';

const functionName = 'group-sync';

/**
 * Writes the lines of a finished run. `write` gets whole lines, each with its newline. The lines of a dry run carry no
 * metrics: it changes nothing.
 */
export function logSyncRun(run: SyncRun, now: Instant, write: (line: string) => void): void {
  const count = (outcome: BindingReport['outcome']): number =>
    run.bindings.filter((binding) => binding.outcome === outcome).length;
  const as = { now, isMetric: !run.dryRun };
  line(write, as, {}, runEvent(run), {
    SyncRuns: 1,
    SyncFailures: run.state === 'failed' ? 1 : 0,
    SyncWrites: run.written,
    SyncGuarded: count('guarded'),
    SyncUnreadable: count('unreadable'),
    SyncRefused: count('refused'),
    SyncDuration: now - Date.parse(run.startedAt),
    ...syncAge(run, now),
  });
  for (const binding of run.bindings) {
    line(write, as, { Binding: binding.id }, bindingEvent(run, binding), {
      ...bindingAge(run, binding, now),
      SyncMembers: binding.members,
      SyncAdded: binding.added,
      SyncUpdated: binding.updated,
      SyncRemoved: binding.removed,
    });
  }
}

/**
 * The age of all bindings, including bindings outside of this run. A run that could not list the runs before it knows no
 * age: 0 would mean that every binding is current, and the time since their creation would be a false alarm.
 */
const syncAge = ({ lastGood }: SyncRun, now: Instant): { readonly SyncAge?: number } =>
  lastGood === undefined
    ? {}
    : { SyncAge: Math.max(0, ...Object.values(lastGood).map((since) => secondsSince(since, now))) };

function bindingAge(
  { lastGood = {} }: SyncRun,
  { id }: BindingReport,
  now: Instant,
): { SyncBindingAge?: number } {
  const since = ownField(lastGood, id);
  return since === undefined ? {} : { SyncBindingAge: secondsSince(since, now) };
}

const secondsSince = (time: string, now: Instant): number =>
  Math.max(0, Math.round((now - Date.parse(time)) / 1000));

const runEvent = (run: SyncRun): object => ({
  level: run.state === 'failed' ? 'error' : 'info',
  event: 'sync-run',
  runId: run.id,
  state: run.state,
  dryRun: run.dryRun,
  requestedBy: run.requestedBy,
  planned: run.planned,
  written: run.written,
  detail: run.detail,
});

const bindingEvent = (run: SyncRun, binding: BindingReport): object => ({
  level: binding.outcome === 'ok' ? 'info' : 'warn',
  event: 'sync-binding',
  runId: run.id,
  outcome: binding.outcome,
  detail: binding.detail,
});

const units: Readonly<Record<string, string>> = {
  SyncDuration: 'Milliseconds',
  SyncAge: 'Seconds',
  SyncBindingAge: 'Seconds',
};

function line(
  write: (text: string) => void,
  { now, isMetric }: { readonly now: Instant; readonly isMetric: boolean },
  dimensions: Readonly<Record<string, string>>,
  event: object,
  metrics: Readonly<Record<string, number>>,
): void {
  const all = { Function: functionName, ...dimensions };
  const directive = {
    Namespace: 'Countersign',
    Dimensions: [Object.keys(all)],
    Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: units[Name] ?? 'Count' })),
  };
  const aws = isMetric ? { _aws: { Timestamp: now, CloudWatchMetrics: [directive] } } : {};
  write(`${JSON.stringify({ ...event, ...all, ...metrics, ...aws })}\n`);
}
