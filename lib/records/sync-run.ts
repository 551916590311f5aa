/** What group-sync keeps of itself: its lease and the record of each run. */
import * as v from 'valibot';
import type { Scope } from './scope.ts';

/** The right to write group-sync entries. Its holder announces what it is about to write, and passes it to every write. */
export interface Lease {
  readonly runId: string;
  /** Goes up by one with every holder. An entry that a later holder has written refuses an earlier one. */
  readonly fence: number;
  /** Milliseconds since the epoch. The store sends no write under the lease from this moment on. */
  readonly expiresAt: number;
}

/** On whose behalf its holder writes: `group-sync/<run>`. */
export const syncActor = ({ runId }: Lease): string => `group-sync/${runId}`;

export type LeaseResult =
  | { readonly held: true; readonly lease: Lease }
  /** Another run holds it, until then. */
  | { readonly held: false; readonly by: string; readonly until: number };

/** A scope in which group-sync entries may be. */
export interface SyncedScope {
  readonly scope: Scope;
  /** The fencing number under which it was last noted. */
  readonly fence: number;
}

const BindingReport = v.object({
  id: v.string(),
  outcome: v.picklist(['ok', 'unreadable', 'guarded', 'refused']),
  members: v.number(),
  added: v.number(),
  updated: v.number(),
  removed: v.number(),
  detail: v.optional(v.string()),
});

export const SyncRun = v.object({
  /** A ULID. */
  id: v.string(),
  state: v.picklist(['running', 'done', 'failed']),
  dryRun: v.boolean(),
  /** Whoever asked for it: an actor, or `schedule`. */
  requestedBy: v.string(),
  /** RFC 3339, UTC. */
  startedAt: v.string(),
  finishedAt: v.optional(v.string()),
  force: v.optional(v.boolean()),
  /** The bindings that were asked for; absent: all. */
  only: v.optional(v.array(v.string())),
  /** Grants that the plan wanted to write. */
  planned: v.optional(v.number()),
  /** Grants written. */
  written: v.number(),
  /** Per binding id: when a run last read its whole group, held nothing back and wrote all; until then, when the binding was created. */
  lastGood: v.optional(v.record(v.string(), v.string())),
  bindings: v.array(BindingReport),
  /** Why it failed, or where it stopped: one sentence. */
  detail: v.optional(v.string()),
});
export type SyncRun = v.InferOutput<typeof SyncRun>;
export type BindingReport = v.InferOutput<typeof BindingReport>;
