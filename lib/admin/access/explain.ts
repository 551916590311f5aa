/** What a review would answer to a caller, and why, entry by entry: computed by the code of the review. */
import { describe } from '../../errors.ts';
import type { Instant } from '../../errors.ts';
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import { evaluateMapping } from '../../resolve/evaluate.ts';
import { usesInstance } from '../../records/template.ts';
import { lookupFor, matchDenials, matchEntries, matchMappings, resolveUser } from '../../resolve/resolve.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { StoredDenial } from '../../records/denial.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import type { Instance } from '../../resolve/instance.ts';
import type { Store } from '../../store/ports.ts';
import type { Entries } from '../../records/lookup.ts';
import { exampleInstance } from './hypothetical.ts';
import { withDenialWarnings } from './denial-list.ts';
import { findNearDenials, findNearMisses } from './find-near.ts';
import type { NearDenial } from './near-denials.ts';
import type { NearMiss } from './near-misses.ts';
import { readOrThrow } from '../lists/store-results.ts';

export interface Explanation {
  readonly outcome: 'verified' | 'denied';
  readonly code: string;
  readonly detail: string;
  readonly username?: string;
  readonly groups?: readonly string[];
  readonly namedBy?: string;
  readonly entries: readonly ExplainedEntry[];
  readonly denials: readonly {
    readonly denialId: string;
    readonly reason: string;
    readonly sessionName?: string | undefined;
    /** What the denial leaves open. */
    readonly warnings: readonly string[];
  }[];
  readonly nearMisses: readonly NearMiss[];
  /** Denials that would hold under a condition that is named. */
  readonly nearDenials: readonly NearDenial[];
  readonly nearMissesComplete: boolean;
  readonly assumptions: readonly string[];
}

export interface ExplainedEntry {
  readonly mapping: StoredMapping;
  readonly live: boolean;
  readonly username?: string;
  readonly groups?: readonly string[];
  readonly code?: string;
  readonly detail?: string;
}

/** Reads exactly what a review reads, then searches for near misses. */
export async function explain(
  store: Store,
  caller: CallerIdentity,
  cluster: Cluster,
  now: Instant,
): Promise<Explanation> {
  const entries = await readOrThrow(store.readEntries(lookupFor(caller, cluster), AbortSignal.timeout(5000)));
  const { near, complete } = await findNearMisses(store, caller, cluster);
  const denials = await findNearDenials(store, caller);
  const evaluated = evaluate(caller, cluster, entries, now);
  return {
    ...evaluated,
    denials: await withWarnings(store, matchDenials(caller, entries.denials)),
    nearMisses: near,
    nearDenials: denials.near,
    nearMissesComplete: complete && denials.complete,
  };
}

function evaluate(
  caller: CallerIdentity,
  cluster: Cluster,
  entries: Entries,
  now: Instant,
): Omit<Explanation, 'denials' | 'nearMisses' | 'nearDenials' | 'nearMissesComplete'> {
  const matched = matchMappings(caller, cluster, entries.mappings).map(({ mapping }) => mapping);
  const instance = assumedInstance(caller, matched);
  const match = matchEntries(caller, cluster, entries, now);
  const answer = match.ok ? resolveUser(match.value, instance) : match;
  const found = {
    entries: matched.map((mapping) => explainEntry(mapping, caller, now, instance)),
    assumptions: assumptionsOf(caller, cluster, matched, instance),
  };
  if (!answer.ok) {
    return { outcome: 'denied', code: answer.failure.code, detail: describe(answer.failure), ...found };
  }
  const { username, groups, namedBy } = answer.value;
  const detail = `${caller.canonicalArn} enters ${cluster.id} as ${username}.`;
  return { outcome: 'verified', code: 'verified', detail, username, groups, namedBy, ...found };
}

const withWarnings = async (
  store: Store,
  denials: readonly StoredDenial[],
): Promise<Explanation['denials']> =>
  (await withDenialWarnings(store, denials)).map(({ id, reason, sessionName, warnings = [] }) => ({
    denialId: id,
    reason,
    sessionName,
    warnings,
  }));

function explainEntry(
  mapping: StoredMapping,
  caller: CallerIdentity,
  now: Instant,
  instance: Instance | undefined,
): ExplainedEntry {
  const evaluated = evaluateMapping(mapping, caller, now, instance);
  if (evaluated.live) return { mapping, live: true, username: evaluated.username, groups: evaluated.groups };
  return { mapping, live: false, code: evaluated.failure.code, detail: describe(evaluated.failure) };
}

/** The admin function has no access to EC2: a session named like an instance is assumed to be one that the mapping allows. */
function assumedInstance(caller: CallerIdentity, matched: readonly StoredMapping[]): Instance | undefined {
  const asking = matched.find(usesInstance);
  return asking && exampleInstance(asking, caller);
}

function assumptionsOf(
  caller: CallerIdentity,
  cluster: Cluster,
  matched: readonly StoredMapping[],
  instance: Instance | undefined,
): readonly string[] {
  const assumptions: string[] = [];
  if (caller.partition !== cluster.partition) {
    assumptions.push(
      `Cluster ${cluster.id} is of partition ${cluster.partition}: the STS host of this caller's token would be refused before any mapping is read.`,
    );
  }
  if (instance !== undefined) {
    assumptions.push(
      `EC2 is not asked here: ${caller.sessionName ?? 'the session'} is taken for a running instance with an instance profile of the mapping, if it is named like one.`,
    );
  }
  if (caller.principalId === undefined && matched.some(({ principalId }) => principalId !== undefined)) {
    assumptions.push('A mapping is pinned to a unique id: give principalId to know whether it is live.');
  }
  if (caller.principal.kind === 'role' && caller.sessionName === undefined) {
    assumptions.push(
      'Without sessionName, denials of single sessions and templates with a session name are not evaluated.',
    );
  }
  return assumptions;
}
