/** When each binding last had a good run: each run carries on what the runs before it knew. */
import { ownField } from '../json/record.ts';
import type { TableReading } from './table-reading.ts';
import type { Plan } from './grants/membership.ts';
import type { SyncRun } from '../records/sync-run.ts';

/** By binding id: RFC 3339, UTC. */
export type LastGood = Record<string, string>;

/** @param runs the newest first. Losing it costs an alarm too many, never a grant. */
export const carriedLastGood = (runs: readonly SyncRun[]): LastGood | undefined =>
  runs.find((run) => run.lastGood !== undefined)?.lastGood;

/** Of the bindings that there are. One that never had a good run counts from when it was made. */
export const knownLastGood = ({ bindings }: TableReading, carried: LastGood = {}): LastGood =>
  Object.fromEntries(bindings.map(({ id, createdAt }) => [id, ownField(carried, id) ?? createdAt]));

/** After all of a plan was written. */
export const goodAt = ({ good }: Plan, at: string): LastGood =>
  Object.fromEntries(good.map((id) => [id, at]));
