/** What group-sync keeps of itself: its lease and the record of each run. */
import * as z from 'zod/mini';
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

const BindingReport = z.object({
  id: z.string(),
  outcome: z.enum(['ok', 'unreadable', 'guarded', 'refused']),
  members: z.number(),
  added: z.number(),
  updated: z.number(),
  removed: z.number(),
  detail: z.optional(z.string()),
});

export const SyncRun = z.object({
  /** A ULID. */
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  dryRun: z.boolean(),
  /** Whoever asked for it: an actor, or `schedule`. */
  requestedBy: z.string(),
  /** RFC 3339, UTC. */
  startedAt: z.string(),
  finishedAt: z.optional(z.string()),
  force: z.optional(z.boolean()),
  /** The bindings that were asked for; absent: all. */
  only: z.optional(z.array(z.string())),
  /** Grants that the plan wanted to write. */
  planned: z.optional(z.number()),
  /** Grants written. */
  written: z.number(),
  /** Per binding id: when a run last read its whole group, held nothing back and wrote all; until then, when the binding was made. */
  lastGood: z.optional(z.record(z.string(), z.string())),
  bindings: z.array(BindingReport),
  /** Why it failed, or where it stopped: one sentence. */
  detail: z.optional(z.string()),
});
export type SyncRun = z.infer<typeof SyncRun>;
export type BindingReport = z.infer<typeof BindingReport>;
