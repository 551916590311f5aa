/** Makes grants of targets: groups are the union of what bindings give, and nobody gets a name that is taken. */
import type { Grant, HeldGrant } from './membership.ts';
import { renderForUser } from './render-for-user.ts';
import type { Tallies } from './tally.ts';
import type { Target, Targets } from './targets.ts';
import { type NameAt, UsernameClaims } from './usernames.ts';

const maxGroups = 64;

/** What a user gets in a scope, and when. */
export interface NamedGrant {
  readonly grant: Grant;
  /** 0, or higher where the name is another person's until the writes of the stages before are made. */
  readonly stage: number;
}

interface Draft {
  readonly place: string;
  readonly grant: Grant;
  readonly held: HeldGrant | undefined;
}

/**
 * @returns the grants by place; a target to which no binding gives anything, or whose name is taken, has none.
 * Whoever holds a name keeps it until a write has given it up; of those who then want it the alphabet decides. Two who
 * would swap their names both keep what they have.
 */
export function nameGrants(targets: Targets, tallies: Tallies): Map<string, NamedGrant> {
  const named = new Map<string, NamedGrant>();
  const places = targets.entries();
  const drafts = places
    .flatMap(([place, target]) => draft(place, target, tallies))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const claims = new UsernameClaims(
    places.flatMap(([place, { held }]) => (held === undefined ? [] : [nameAt(place, held)])),
  );
  const drafted = new Set(drafts.map(({ place }) => place));
  // What the table holds at a place is free, for the stages that follow, once that place is written.
  let written = places.map(([place]) => place).filter((place) => !drafted.has(place));
  let waiting: readonly Draft[] = drafts;
  let stage = 0;
  for (; waiting.length > 0; stage += 1) {
    const given = waiting.filter(({ place, grant }) => claims.claim(nameAt(place, grant)));
    for (const { place, grant } of given) named.set(place, { grant, stage });
    waiting = waiting.filter(({ place }) => !named.has(place));
    written.push(...given.map(({ place }) => place));
    if (written.length === 0) break;
    for (const place of written) claims.giveUp(place);
    written = [];
  }
  for (const { place, grant, held } of waiting) {
    tallies.refuse(grant, `${grant.arn} would share a username with another user.`);
    const kept = held === undefined ? undefined : { ...grant, username: held.username };
    if (kept !== undefined && claims.claim(nameAt(place, kept))) named.set(place, { grant: kept, stage });
  }
  return named;
}

const nameAt = (place: string, { scope, principalKey, principalId, username, arn }: Grant): NameAt => ({
  place,
  scope,
  principalKey,
  principalId,
  username: renderForUser(username, arn),
});

/** None where no binding gives anything. */
function draft(place: string, target: Target, tallies: Tallies): Draft[] {
  const contributions = [...target.contributions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [first] = contributions;
  if (first === undefined) return [];
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
    tallies.refuse(grant, `${target.arn} would get ${groups.length} groups and may have ${maxGroups}.`);
  }
  return [{ place, grant, held: target.held }];
}
