/**
 * The difference between what IAM says and what the table holds: pure, total, deterministic. Everything was read
 * before; nothing is written here. The rules are those of docs/group-sync.md.
 */
import type { BindingReport, Grant, GrantWrite, Plan, PlanInput } from './membership.ts';
import { nameGrants } from './name-grants.ts';
import { sameGrant } from './same.ts';
import { Tallies } from './tally.ts';
import { type Target, Targets } from './targets.ts';

/** Works out the writes of a run and the report of each binding. */
export function planSync(input: PlanInput): Plan {
  const targets = new Targets(input.grants);
  const tallies = new Tallies();
  for (const binding of input.bindings) {
    const reading = input.readings.get(binding.id);
    if (reading === undefined) continue;
    const tally = tallies.begin(binding.id);
    if (reading.outcome === 'read') {
      targets.withdrawFormerMembers(binding, reading.members, tally, input);
      targets.addMembers(binding, reading.members, tally);
    } else {
      tally.outcome = reading.outcome;
      tally.details.push(reading.detail);
      tally.members = targets.count(binding.id);
    }
  }
  for (const id of input.deletedBindings) {
    tallies.begin(id);
    targets.withdraw(id);
  }
  const named = nameGrants(targets, tallies);
  const stages = new Map<number, GrantWrite[]>();
  for (const [place, target] of targets.entries()) {
    const { grant, stage = 0 } = named.get(place) ?? {};
    tallies.countChange(target.held, grant);
    const write = difference(target, grant);
    if (write === undefined) continue;
    const writes = stages.get(stage) ?? [];
    writes.push(write);
    stages.set(stage, writes);
  }
  const reports = tallies.reports();
  const isGood = ({ id, outcome }: BindingReport): boolean =>
    input.readings.get(id)?.outcome === 'read' && outcome !== 'guarded';
  return {
    stages: [...stages]
      .toSorted(([a], [b]) => a - b)
      .map(([, writes]) => writes.toSorted((a, b) => order[a.kind] - order[b.kind])),
    reports,
    good: reports.filter(isGood).map(({ id }) => id),
  };
}

/** Within a stage what gives comes before what takes away: a run that stops in between has cost nobody their access. */
const order: Readonly<Record<GrantWrite['kind'], number>> = { create: 0, update: 1, delete: 2 };

function difference({ held }: Target, grant: Grant | undefined): GrantWrite | undefined {
  if (grant === undefined) return held === undefined ? undefined : { kind: 'delete', before: held };
  if (held === undefined) return { kind: 'create', after: grant };
  return sameGrant(held, grant) ? undefined : { kind: 'update', before: held, after: grant };
}
