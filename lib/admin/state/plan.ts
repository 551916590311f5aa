/** Plans how the table becomes a desired state: pure, and in one order whatever the order of its inputs. */
import { createHash } from 'node:crypto';
import { ok } from '../../errors.ts';
import type { Result, UnreadableItem } from '../../errors.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { Mapping } from '../../records/mapping.ts';
import { clusterScope } from '../../records/scope.ts';
import { deleteOrder, writeOrder } from '../../records/kinds.ts';
import type { RecordKind, RecordOf } from '../../records/kinds.ts';
import { hasOtherHalf } from '../change/denied-halves.ts';
import { denialWarnings } from '../change/denial-warnings.ts';
import { bindingWarnings, clusterWarnings, mappingWarnings } from '../change/warnings.ts';
import type { Warning } from '../change/warnings.ts';
import type { InputError } from '../../json/parse-input.ts';
import type { CurrentState } from './current-state.ts';
import type { DesiredCluster, DesiredState } from './desired-state.ts';
import { differenceOf } from './difference.ts';
import { managesOf } from './managed.ts';
import { planErrors } from './plan-errors.ts';
import { missingTokens } from './token-steps.ts';
import type { TokenStep } from './token-steps.ts';
import type { Difference, StepOf } from './difference.ts';

export type RecordStep<K extends RecordKind = RecordKind> = { [P in K]: StepOf<P> }[K];
export type Step = RecordStep | TokenStep;

export interface Plan {
  /** Of everything that the plan decided: kinds, refs, versions and desired records. */
  readonly fingerprint: string;
  readonly creates: readonly Step[];
  readonly updates: readonly RecordStep[];
  readonly deletes: readonly RecordStep[];
  /** The number of entries that need no step. */
  readonly unchanged: number;
  readonly warnings: readonly Warning[];
  /** Entries whose item in the table cannot be read: nothing is planned for them. */
  readonly unreadable: readonly UnreadableItem[];
}

/** References decide the order: a record is created after those that it refers to, and deleted before them. */
export function planState(current: CurrentState, desired: DesiredState): Result<Plan, readonly InputError[]> {
  const errors = planErrors(current, desired);
  if (errors.length > 0) return { ok: false, failure: errors };
  const differences = differencesOf(current, desired);
  const tokens = missingTokens(current, desired);
  const steps = {
    creates: createOrder.flatMap((kind): readonly Step[] =>
      kind === 'webhook-token' ? tokens : idsFirst(differences[kind].creates),
    ),
    updates: writeOrder.flatMap((kind): readonly RecordStep[] => differences[kind].updates),
    deletes: deleteOrder.flatMap((kind): readonly RecordStep[] => differences[kind].deletes),
  };
  const wanted = new Set(writeOrder.flatMap((kind) => differences[kind].targets));
  return ok({
    fingerprint: fingerprintOf(steps),
    ...steps,
    unchanged: writeOrder.reduce((sum, kind) => sum + differences[kind].unchanged, 0),
    warnings: [...unreadableWarnings(current), ...warningsOf([...steps.creates, ...steps.updates], desired)],
    // Webhook tokens are read only if the desired state names hashes of their cluster.
    unreadable: current.unreadable.filter(
      (item) => item.kind === 'webhook-token' || wanted.has(targetOfItem(item)),
    ),
  });
}

/** Webhook tokens come right after their clusters. */
export const createOrder: readonly Step['kind'][] = writeOrder.flatMap((kind): readonly Step['kind'][] =>
  kind === 'cluster' ? [kind, 'webhook-token'] : [kind],
);

/** As in the change log. */
const targetOfItem = ({ kind, key }: UnreadableItem): string => `${kind}/${key}`;

/** Each has a code of its own, so that none of them is only counted. */
const unreadableWarnings = ({ unreadable }: CurrentState): readonly Warning[] =>
  unreadable.map((item) => ({
    code: `unreadable ${targetOfItem(item)}`,
    message: `The ${item.kind} ${item.key} cannot be read and is left as it is: ${item.reason}.`,
  }));

function differencesOf(
  { records, unreadable }: CurrentState,
  desired: DesiredState,
): { readonly [K in RecordKind]: Difference<K> } {
  const targets = new Set(unreadable.map(targetOfItem));
  const manages = managesOf(desired);
  const managed = {
    clusters: records.cluster.filter(({ id }) => manages(clusterScope(id))),
    bindings: records.binding.filter(({ scope }) => manages(scope)),
  };
  const clusters = desired.clusters?.map(withoutHashes);
  const mappings = desired.mappings?.map(toManual);
  return {
    set: differenceOf('set', records.set, desired.sets, targets),
    cluster: differenceOf('cluster', managed.clusters, clusters, targets),
    mapping: differenceOf('mapping', records.mapping, mappings, targets),
    denial: differenceOf('denial', records.denial, desired.denials, targets),
    binding: differenceOf('binding', managed.bindings, desired.bindings, targets),
  };
}

const toManual = (mapping: Omit<Mapping, 'owner'>): Mapping => ({ ...mapping, owner: 'manual' });

const withoutHashes = ({ webhookTokenHashes: _hashes, ...cluster }: DesiredCluster): RecordOf<'cluster'> =>
  cluster;

/** Equal for equal decisions; different if any version or value differs. */
export function fingerprintOf(steps: Pick<Plan, 'creates' | 'updates' | 'deletes'>): string {
  const decided = [...steps.creates, ...steps.updates, ...steps.deletes].map(
    ({ kind, ref, version, after }) => [kind, ref, version, after],
  );
  return `sha256:${createHash('sha256').update(canonicalJson(decided)).digest('hex')}`;
}

/** The unique id of a denied user before the ARN: a rename in between would lead around a denial of only the ARN. */
const idsFirst = (steps: readonly Step[]): readonly Step[] =>
  steps.toSorted((a, b) => Number(isDenialOfArn(a)) - Number(isDenialOfArn(b)));

const isDenialOfArn = ({ kind, after }: Step): boolean =>
  kind === 'denial' && after !== undefined && 'principal' in after;

function warningsOf(steps: readonly Step[], { denials = [] }: DesiredState): readonly Warning[] {
  return steps.flatMap((step): readonly Warning[] => {
    if (step.after === undefined) return [];
    if (step.kind === 'mapping') return mappingWarnings(step.after);
    if (step.kind === 'denial')
      return denialWarnings(step.after, { otherHalf: hasOtherHalf(step.after, denials) });
    if (step.kind === 'binding') return bindingWarnings(step.after);
    return step.kind === 'cluster' ? clusterWarnings(step.after) : [];
  });
}
