/**
 * The difference between what IAM reports and what the table holds: pure, total, deterministic. Start here; everything
 * was read before (`../read.ts`), and the writes follow later (`../write.ts`). docs/group-sync.md has the rules.
 */
import type { BindingReport } from '../../records/sync-run.ts';
import type { GroupBinding } from '../../records/binding.ts';
import { assignUsernames, type StagedGrant } from './assign-usernames.ts';
import { type Grant, type HeldGrant, isSameGrant, type Reading } from './grant.ts';
import { Tallies } from './tally.ts';
import { type Target, Targets } from './targets.ts';

export interface PlanInput {
  /** Every readable binding. */
  readonly bindings: readonly GroupBinding[];
  /** Ids that were read by key and found deleted. A binding that is merely missing from `bindings` keeps its grants. */
  readonly deletedBindings: ReadonlySet<string>;
  /** Why a binding could not be read, by binding id: its grants stay as they are, and it is reported. */
  readonly unreadableBindings: ReadonlyMap<string, string>;
  /** By binding id. A binding without a reading is not part of this run: its grants stay as they are. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Every mapping that group sync owns, in any scope. */
  readonly grants: readonly HeldGrant[];
  /** Lifts the guard on withdrawals. */
  readonly force: boolean;
}

export type GrantWrite =
  | { readonly kind: 'create'; readonly after: Grant }
  | { readonly kind: 'update'; readonly before: HeldGrant; readonly after: Grant }
  | { readonly kind: 'delete'; readonly before: HeldGrant };

export interface Plan {
  /**
   * In the order in which they must be written. A stage may begin only when every write of the stage before has
   * landed, since it assigns usernames that those writes release. Writes that wait for no username are in the first.
   */
  readonly stages: readonly (readonly GrantWrite[])[];
  readonly reports: readonly BindingReport[];
  /**
   * Ids of the bindings whose group was read and whose withdrawals are all in the plan. A binding with a refused
   * username still counts: its membership is current; see the `outcome` of its report.
   */
  readonly good: readonly string[];
}

/** Returns the writes of a run and the report of each binding. */
export function planSync(input: PlanInput): Plan {
  const targets = new Targets(input.grants);
  const tallies = new Tallies();
  for (const binding of input.bindings) contribute(binding, input, targets, tallies);
  for (const [id, reason] of input.unreadableBindings) {
    keep(id, { outcome: 'unreadable', detail: `The binding cannot be read: ${reason}.` }, targets, tallies);
  }
  for (const id of input.deletedBindings) {
    tallies.begin(id);
    targets.withdraw(id);
  }
  const stages = stageWrites(targets, assignUsernames(targets, tallies), tallies);
  const reports = tallies.reports();
  const isGood = ({ id, outcome }: BindingReport): boolean =>
    input.readings.get(id)?.outcome === 'read' && outcome !== 'guarded';
  return { stages, reports, good: reports.filter(isGood).map(({ id }) => id) };
}

/** Applies the membership of one binding to the targets; nothing changes if its group could not be read. */
function contribute(binding: GroupBinding, input: PlanInput, targets: Targets, tallies: Tallies): void {
  const reading = input.readings.get(binding.id);
  if (reading === undefined) return;
  if (reading.outcome !== 'read') return keep(binding.id, reading, targets, tallies);
  const tally = tallies.begin(binding.id);
  targets.withdrawFormerMembers(binding, reading.members, tally, input);
  targets.addMembers(binding, reading.members, tally);
}

/** Leaves the grants of a binding as they are, and reports why. */
function keep(
  id: string,
  { outcome, detail }: Exclude<Reading, { outcome: 'read' }>,
  targets: Targets,
  tallies: Tallies,
): void {
  const tally = tallies.begin(id);
  tally.outcome = outcome;
  tally.details.push(detail);
  tally.members = targets.count(id);
}

function stageWrites(
  targets: Targets,
  staged: ReadonlyMap<string, StagedGrant>,
  tallies: Tallies,
): readonly (readonly GrantWrite[])[] {
  const stages = new Map<number, GrantWrite[]>();
  const add = (stage: number, write: GrantWrite): void => {
    const writes = stages.get(stage);
    if (writes === undefined) stages.set(stage, [write]);
    else writes.push(write);
  };
  for (const [key, target] of targets.entries()) {
    const { grant, stage = 0 } = staged.get(key) ?? {};
    const { held } = target;
    tallies.countChange(held, grant);
    const write = difference(target, grant);
    if (write !== undefined) add(stage, write);
    // The grant has moved to its key of today: half a stage later, once that has landed.
    if (grant !== undefined && held?.staleKey !== undefined)
      add(stage + 0.5, { kind: 'delete', before: held });
  }
  for (const before of targets.leftovers) add(0.5, { kind: 'delete', before });
  return [...stages]
    .toSorted(([a], [b]) => a - b)
    .map(([, writes]) => writes.toSorted((a, b) => order[a.kind] - order[b.kind]));
}

/** Within a stage, grants come before withdrawals: a run that stops in between has cost no user their access. */
const order: Readonly<Record<GrantWrite['kind'], number>> = { create: 0, update: 1, delete: 2 };

function difference({ held }: Target, grant: Grant | undefined): GrantWrite | undefined {
  if (grant === undefined) return held === undefined ? undefined : { kind: 'delete', before: held };
  if (held === undefined || held.staleKey !== undefined) return { kind: 'create', after: grant };
  return isSameGrant(held, grant) ? undefined : { kind: 'update', before: held, after: grant };
}
