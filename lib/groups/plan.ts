/**
 * The difference between what IAM says and what the table holds: pure, total, deterministic. Everything was read
 * before; nothing is written here. The rules are those of docs/group-sync.md.
 */
import { principalKey } from '../mapping/principal.ts';
import type { Contribution, GroupBinding, Scope } from '../mapping/types.ts';
import { renderForUser } from './render-for-user.ts';
import type { BindingReport, Grant, GrantWrite, HeldGrant, Member, Plan, PlanInput } from './membership.ts';
import { UsernameClaims } from './usernames.ts';

/** A run withdraws at most this share of a binding's grants, or {@link guardFloor} of them if that is more. */
export const guardShare = 0.2;
export const guardFloor = 10;
const maxGroups = 64;

/** A grant as it should be: the same as `Grant`, before groups and names are worked out. */
interface Target {
  readonly scope: Scope;
  readonly key: string;
  readonly arn: string;
  readonly principalId: string;
  readonly held: HeldGrant | undefined;
  readonly contributions: Map<string, Contribution>;
}

interface Tally {
  members: number;
  added: number;
  updated: number;
  removed: number;
  outcome: BindingReport['outcome'];
  readonly details: string[];
}

/** Works out the writes of a run and the report of each binding. */
export function planSync(input: PlanInput): Plan {
  const tallies = new Map<string, Tally>();
  const targets = startFromHeld(input.grants);
  for (const binding of input.bindings) {
    const reading = input.readings.get(binding.id);
    if (reading === undefined) continue;
    const tally = newTally(tallies, binding.id);
    if (reading.outcome === 'read') {
      withdrawFormerMembers(targets, binding, reading.members, input.force, tally);
      addMembers(targets, binding, reading.members, tally);
    } else {
      tally.outcome = reading.outcome;
      tally.details.push(reading.detail);
      tally.members = countContributions(targets, binding.id);
    }
  }
  for (const id of input.deletedBindings) {
    newTally(tallies, id);
    withdraw(targets, id, () => true);
  }
  const grants = nameTargets(targets, tallies);
  countChanges(targets, grants, tallies);
  return { writes: difference(targets, grants), reports: [...tallies].map(toReport) };
}

function newTally(tallies: Map<string, Tally>, id: string): Tally {
  const tally: Tally = { members: 0, added: 0, updated: 0, removed: 0, outcome: 'ok', details: [] };
  tallies.set(id, tally);
  return tally;
}

const targetKey = (scope: Scope, key: string): string => `${scope} ${key}`;

function startFromHeld(grants: readonly HeldGrant[]): Map<string, Target> {
  return new Map(
    grants.map((held) => [
      targetKey(held.scope, held.principalKey),
      {
        scope: held.scope,
        key: held.principalKey,
        arn: held.arn,
        principalId: held.principalId,
        held,
        contributions: new Map(Object.entries(held.contributions)),
      },
    ]),
  );
}

const countContributions = (targets: ReadonlyMap<string, Target>, id: string): number =>
  [...targets.values()].filter((target) => target.contributions.has(id)).length;

function withdraw(
  targets: ReadonlyMap<string, Target>,
  id: string,
  applies: (target: Target) => boolean,
): void {
  for (const target of targets.values()) {
    if (applies(target)) target.contributions.delete(id);
  }
}

/**
 * Grants of people who left the group are withdrawn under the guard; grants in a scope that the binding no longer
 * names without it, since an admin moved the binding on purpose.
 */
function withdrawFormerMembers(
  targets: ReadonlyMap<string, Target>,
  binding: GroupBinding,
  members: readonly Member[],
  force: boolean,
  tally: Tally,
): void {
  withdraw(targets, binding.id, (target) => target.scope !== binding.scope);
  const keys = new Set(members.map((member) => principalKey({ arn: member.arn })));
  const before = countContributions(targets, binding.id);
  const isFormer = (target: Target): boolean => !keys.has(target.key);
  const leaving = [...targets.values()].filter(
    (target) => target.contributions.has(binding.id) && isFormer(target),
  ).length;
  if (!force && leaving > Math.max(before * guardShare, guardFloor)) {
    tally.outcome = 'guarded';
    tally.details.push(
      `${leaving} of ${before} grants would be withdrawn, more than a run may: check the IAM group, then run the sync with force.`,
    );
    return;
  }
  withdraw(targets, binding.id, isFormer);
}

function addMembers(
  targets: Map<string, Target>,
  binding: GroupBinding,
  members: readonly Member[],
  tally: Tally,
): void {
  tally.members = members.length;
  for (const member of members) {
    const key = principalKey({ arn: member.arn });
    const place = targetKey(binding.scope, key);
    const found = targets.get(place);
    const isSameUser = found?.principalId === member.userId;
    if (found !== undefined && !isSameUser) {
      tally.details.push(`${member.arn} was deleted and made again: pinned to ${member.userId}.`);
    }
    // A user made anew inherits nothing: each binding gives again what it gives to the new id, or it does not.
    const contributions = isSameUser ? found.contributions : new Map<string, Contribution>();
    contributions.set(binding.id, { username: binding.username, groups: binding.groups });
    targets.set(place, {
      scope: binding.scope,
      key,
      arn: member.arn,
      principalId: member.userId,
      held: found?.held,
      contributions,
    });
  }
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const sameContribution = (a: Contribution, b: Contribution): boolean =>
  a.username === b.username && sameList(a.groups, b.groups);

/** Works out groups and usernames. Whoever holds a name keeps it; then the alphabet decides. */
function nameTargets(targets: ReadonlyMap<string, Target>, tallies: Map<string, Tally>): Map<string, Grant> {
  const claims = new UsernameClaims();
  const grants = new Map<string, Grant>();
  const drafts = [...targets]
    .flatMap(([place, target]) => {
      const grant = draft(target, tallies);
      return grant === undefined ? [] : [{ place, target, grant }];
    })
    .toSorted((a, b) => rank(a.target, a.grant) - rank(b.target, b.grant) || (a.place < b.place ? -1 : 1));
  for (const { place, target, grant } of drafts) {
    const accepted = [grant.username, target.held?.username].find(
      (username) =>
        username !== undefined &&
        claims.claim({
          scope: grant.scope,
          principalId: grant.principalId,
          username: renderForUser(username, grant.arn),
        }),
    );
    if (accepted !== grant.username)
      refuse(tallies, grant, `${grant.arn} would share a username with another user.`);
    if (accepted !== undefined) grants.set(place, { ...grant, username: accepted });
  }
  return grants;
}

const rank = (target: Target, grant: Grant): number => (target.held?.username === grant.username ? 0 : 1);

/** `undefined` where no binding gives anything. */
function draft(target: Target, tallies: Map<string, Tally>): Grant | undefined {
  const contributions = [...target.contributions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [first] = contributions;
  if (first === undefined) return undefined;
  const groups = [...new Set(contributions.flatMap(([, contribution]) => contribution.groups))].toSorted();
  const grant: Grant = {
    scope: target.scope,
    principalKey: target.key,
    owner: 'group-sync',
    arn: target.arn,
    principalId: target.principalId,
    username: first[1].username,
    groups: groups.slice(0, maxGroups),
    contributions: Object.fromEntries(contributions),
  };
  if (groups.length > maxGroups) {
    refuse(tallies, grant, `${target.arn} would get ${groups.length} groups and may have ${maxGroups}.`);
  }
  return grant;
}

function refuse(tallies: ReadonlyMap<string, Tally>, grant: Grant, detail: string): void {
  for (const id of Object.keys(grant.contributions)) {
    const tally = tallies.get(id);
    if (tally === undefined) continue;
    if (tally.outcome === 'ok') tally.outcome = 'refused';
    tally.details.push(detail);
  }
}

/** Counts what each binding gives more, less or otherwise than before. */
function countChanges(
  targets: ReadonlyMap<string, Target>,
  grants: ReadonlyMap<string, Grant>,
  tallies: ReadonlyMap<string, Tally>,
): void {
  for (const [place, { held, principalId }] of targets) {
    const before = held?.contributions ?? {};
    const after = grants.get(place)?.contributions ?? {};
    for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const tally = tallies.get(id);
      if (tally === undefined) continue;
      const [was, is] = [before[id], after[id]];
      if (was === undefined) tally.added += 1;
      else if (is === undefined) tally.removed += 1;
      else if (held?.principalId !== principalId || !sameContribution(was, is)) tally.updated += 1;
    }
  }
}

function difference(targets: ReadonlyMap<string, Target>, grants: ReadonlyMap<string, Grant>): GrantWrite[] {
  const writes: GrantWrite[] = [];
  for (const [place, { held }] of targets) {
    const after = grants.get(place);
    if (after === undefined) {
      if (held !== undefined) writes.push({ kind: 'delete', before: held });
    } else if (held === undefined) writes.push({ kind: 'create', after });
    else if (!isAsHeld(held, after)) writes.push({ kind: 'update', before: held, after });
  }
  const order: Record<GrantWrite['kind'], number> = { create: 0, update: 1, delete: 2 };
  return writes.toSorted((a, b) => order[a.kind] - order[b.kind]);
}

function isAsHeld(held: HeldGrant, grant: Grant): boolean {
  const before = Object.entries(held.contributions);
  return (
    held.username === grant.username &&
    held.principalId === grant.principalId &&
    held.arn === grant.arn &&
    sameList(held.groups, grant.groups) &&
    before.length === Object.keys(grant.contributions).length &&
    before.every(([id, contribution]) => {
      const now = grant.contributions[id];
      return now !== undefined && sameContribution(contribution, now);
    })
  );
}

/** A run's record is one item of at most 400 KB. */
const maxDetails = 5;

function toReport([id, { details, ...counts }]: [string, Tally]): BindingReport {
  if (details.length === 0) return { id, ...counts };
  const more = details.length > maxDetails ? [`And ${details.length - maxDetails} more like these.`] : [];
  return { id, ...counts, detail: [...details.slice(0, maxDetails), ...more].join(' ') };
}
