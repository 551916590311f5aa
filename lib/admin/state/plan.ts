/** The difference between the table and a desired state: pure, and in one order however either was read. */
import { createHash } from 'node:crypto';
import type { UnreadableItem } from '../../errors.ts';
import { compareText } from '../../json/compare-text.ts';
import { principalKey } from '../../records/principal.ts';
import { denialRef } from '../../records/denial.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { Stored } from '../../records/bookkeeping.ts';

import { scopeExists } from '../../store/missing-scopes.ts';
import { targetOf } from '../../store/change-record.ts';
import type { RecordKind, RecordOf, RefOf, StoredOf } from '../../records/kinds.ts';
import { canonicalJson, sameValue } from '../../json/canonical-json.ts';
import type { CurrentState } from './current-state.ts';
import type { DesiredCluster, DesiredState } from './desired-state.ts';
import type { InputError } from '../problem.ts';
import { recordOf } from '../../records/kinds.ts';
import { missingScope, missingSet } from '../change/references.ts';
import { bindingWarnings, clusterWarnings, denialWarnings, mappingWarnings } from '../change/warnings.ts';
import type { Warning } from '../change/warnings.ts';
import { pathText } from '../../json/value-path.ts';

interface StepOf<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  /** As in the change log: `mapping/<id>`. */
  readonly target: string;
  /** What it is now, and its version; absent for a create. */
  readonly before?: RecordOf<K> | undefined;
  readonly version?: number | undefined;
  /** Absent for a delete. */
  readonly after?: RecordOf<K> | undefined;
}

/** A webhook token that must be live and is not. */
export interface TokenStep {
  readonly kind: 'webhook-token';
  readonly ref: { readonly clusterId: string; readonly hash: string };
  readonly target: string;
  readonly before?: undefined;
  readonly version?: undefined;
  readonly after?: undefined;
}

export type RecordStep<K extends RecordKind = RecordKind> = { [P in K]: StepOf<P> }[K];
export type Step = RecordStep | TokenStep;

export interface Plan {
  /** Of everything that the plan decided: kinds, names, versions, and what is to be. */
  readonly fingerprint: string;
  readonly creates: readonly Step[];
  readonly updates: readonly RecordStep[];
  readonly deletes: readonly RecordStep[];
  /** How many entries are as they should be. */
  readonly unchanged: number;
  readonly warnings: readonly Warning[];
  /** Entries whose item in the table cannot be read: nothing is planned for them. */
  readonly unreadable: readonly UnreadableItem[];
}

export type Planned =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly errors: readonly InputError[] };

interface Difference<K extends RecordKind> {
  /** Of all entries, whatever is planned for them. */
  readonly targets: readonly string[];
  readonly creates: readonly StepOf<K>[];
  readonly updates: readonly StepOf<K>[];
  readonly deletes: readonly StepOf<K>[];
  readonly unchanged: number;
}

/** Who names whom decides the order: sets, clusters, then what is in their scopes; deletes go the other way. */
export function planState(current: CurrentState, desired: DesiredState): Planned {
  const errors = referenceErrors(current, desired);
  if (errors.length > 0) return { ok: false, errors };
  const { sets, clusters, mappings, denials, bindings } = differences(current, desired);
  const all = [sets, clusters, mappings, denials, bindings];
  const wanted = new Set(all.flatMap(({ targets }) => targets));
  const steps = {
    creates: [
      ...sets.creates,
      ...clusters.creates,
      ...missingTokens(current, desired),
      ...mappings.creates,
      ...denials.creates,
      ...bindings.creates,
    ],
    updates: all.flatMap(({ updates }): readonly RecordStep[] => updates),
    deletes: all.toReversed().flatMap(({ deletes }): readonly RecordStep[] => deletes),
  };
  return {
    ok: true,
    plan: {
      fingerprint: fingerprintOf(steps),
      ...steps,
      unchanged: all.reduce((sum, { unchanged }) => sum + unchanged, 0),
      warnings: [...unreadableWarnings(current), ...warningsOf([...steps.creates, ...steps.updates])],
      unreadable: current.unreadable.filter((item) => wanted.has(targetOfItem(item))),
    },
  };
}

/** As in the change log. */
const targetOfItem = ({ kind, key }: UnreadableItem): string => `${kind}/${key}`;

/** Each has a code of its own, so that none of them is only counted. */
const unreadableWarnings = ({ unreadable }: CurrentState): readonly Warning[] =>
  unreadable.map((item) => ({
    code: `unreadable ${targetOfItem(item)}`,
    message: `The ${item.kind} ${item.key} cannot be read and is left as it is: ${item.reason}.`,
  }));

function differences(current: CurrentState, desired: DesiredState) {
  const manual = desired.mappings?.map(toManual);
  const unreadable = new Set(current.unreadable.map(targetOfItem));
  return {
    sets: difference('set', current.sets, desired.sets, ({ name }) => ({ name }), unreadable),
    clusters: difference(
      'cluster',
      current.clusters,
      desired.clusters?.map(withoutHashes),
      ({ id }) => ({
        id,
      }),
      unreadable,
    ),
    mappings: difference(
      'mapping',
      current.mappings,
      manual,
      ({ scope, principal, owner }) => ({
        scope,
        principalKey: principalKey(principal),
        owner,
      }),
      unreadable,
    ),
    denials: difference('denial', current.denials, desired.denials, denialRef, unreadable),
    bindings: difference('binding', current.bindings, desired.bindings, ({ id }) => ({ id }), unreadable),
  };
}

const toManual = (mapping: Omit<Mapping, 'owner'>): Mapping => ({ ...mapping, owner: 'manual' });

const withoutHashes = ({ webhookTokenHashes: _hashes, ...cluster }: DesiredCluster): RecordOf<'cluster'> =>
  cluster;

/** `desired` undefined: this kind is not managed, and nothing of it is touched. */
function difference<K extends RecordKind>(
  kind: K,
  current: readonly (StoredOf<K> & Stored)[],
  desired: readonly RecordOf<K>[] | undefined,
  refOf: (record: RecordOf<K>) => RefOf<K>,
  unreadable: ReadonlySet<string>,
): Difference<K> {
  const nameOf = (record: RecordOf<K>): string => targetOf(kind, refOf(record));
  const creates: StepOf<K>[] = [];
  const updates: StepOf<K>[] = [];
  const deletes: StepOf<K>[] = [];
  if (desired === undefined) return { targets: [], creates, updates, deletes, unchanged: 0 };
  const existing = new Map(
    current.map((stored) => {
      const record = recordOf(kind, stored);
      return [nameOf(record), { record, version: stored.version }];
    }),
  );
  const wanted = new Map(desired.map((record) => [nameOf(record), record]));
  const targets = [...wanted.keys()];
  // Nothing is known of what is there: it is neither created over nor compared.
  for (const name of unreadable) wanted.delete(name);
  for (const [name, after] of sorted(wanted)) {
    const now = existing.get(name);
    const step = { kind, ref: refOf(after), target: name, after };
    if (now === undefined) creates.push(step);
    else if (!sameValue(now.record, after))
      updates.push({ ...step, before: now.record, version: now.version });
  }
  for (const [name, { record, version }] of sorted(existing)) {
    if (!wanted.has(name)) deletes.push({ kind, ref: refOf(record), target: name, before: record, version });
  }
  return { targets, creates, updates, deletes, unchanged: wanted.size - creates.length - updates.length };
}

const sorted = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].toSorted(([a], [b]) => compareText(a, b));

const missingTokens = (current: CurrentState, { clusters = [] }: DesiredState): readonly TokenStep[] =>
  clusters.flatMap(({ id, webhookTokenHashes = [] }) => {
    if (current.unreadable.some(({ kind, key }) => kind === 'cluster' && key === id)) return [];
    const live = current.webhookTokenHashes.get(id) ?? [];
    return [...new Set(webhookTokenHashes)]
      .filter((hash) => !live.includes(hash))
      .map((hash): TokenStep => ({
        kind: 'webhook-token',
        ref: { clusterId: id, hash },
        target: `webhook-token/${id}/${hash.slice('sha256:'.length, 'sha256:'.length + 12)}`,
      }));
  });

/** The same for the same decisions; different as soon as a version or a value is. */
export function fingerprintOf(steps: Pick<Plan, 'creates' | 'updates' | 'deletes'>): string {
  const decided = [...steps.creates, ...steps.updates, ...steps.deletes].map(
    ({ kind, ref, version, after }) => [kind, ref, version, after],
  );
  return `sha256:${createHash('sha256').update(canonicalJson(decided)).digest('hex')}`;
}

/** What entries name must exist once the plan is applied. */
function referenceErrors(current: CurrentState, desired: DesiredState): readonly InputError[] {
  const unreadable = (kind: string): string[] =>
    current.unreadable.flatMap((item) => (item.kind === kind ? [item.key] : []));
  const sets = new Set((desired.sets ?? current.sets).map(({ name }) => name).concat(unreadable('set')));
  const clusters = new Set(
    (desired.clusters ?? current.clusters).map(({ id }) => id).concat(unreadable('cluster')),
  );
  const scoped = (list: 'mappings' | 'bindings'): InputError[] =>
    (desired[list] ?? []).flatMap(({ scope }, index) =>
      scopeExists(scope, { sets, clusters })
        ? []
        : [{ path: pathText([list, index, 'scope']), message: missingScope(scope) }],
    );
  const joined = (desired.clusters ?? []).flatMap((cluster, index) =>
    cluster.sets.flatMap((set, at) =>
      sets.has(set) ? [] : [{ path: pathText(['clusters', index, 'sets', at]), message: missingSet(set) }],
    ),
  );
  return [...joined, ...scoped('mappings'), ...scoped('bindings')];
}

function warningsOf(steps: readonly Step[]): readonly Warning[] {
  return steps.flatMap((step): readonly Warning[] => {
    if (step.after === undefined) return [];
    if (step.kind === 'mapping') return mappingWarnings(step.after);
    if (step.kind === 'denial') return denialWarnings(step.after);
    if (step.kind === 'binding') return bindingWarnings(step.after);
    return step.kind === 'cluster' ? clusterWarnings(step.after) : [];
  });
}
