/** Turns targets into grants: groups are the union of all contributions, and no two users share a username. */
import { type Grant, grantKey, type HeldGrant } from './grant.ts';
import type { Tallies } from './tally.ts';
import type { Target, Targets } from './targets.ts';
import { renderForUser, UsernameClaims, type UsernameUse } from './usernames.ts';

const maxGroups = 64;

/** What a user gets in a scope, and in which stage of the plan. */
export interface StagedGrant {
  readonly grant: Grant;
  /** 0, or higher if another user holds the username until the writes of the stages before have landed. */
  readonly stage: number;
}

interface Draft {
  readonly key: string;
  readonly grant: Grant;
  readonly held: HeldGrant | undefined;
}

/**
 * Returns the grants by grant key. A target without contributions gets no grant, nor does one whose username is taken.
 * A username stays with its holder until a planned write frees it; ties go to the lowest key. Users who would swap
 * usernames keep their current ones.
 */
export function assignUsernames(targets: Targets, tallies: Tallies): Map<string, StagedGrant> {
  const entries = targets.entries();
  const drafts = entries
    .flatMap(([key, target]) => draft(key, target, tallies))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const claims = new UsernameClaims(
    entries.flatMap(([, { held }]) => (held === undefined ? [] : [usernameUse(held)])),
  );
  const drafted = new Set(drafts.map(({ key }) => key));
  const withdrawn = entries.map(([key]) => key).filter((key) => !drafted.has(key));
  const { staged, waiting, stage } = assignInStages(drafts, withdrawn, claims);
  for (const { key, grant, held } of waiting) {
    tallies.refuse(grant, `${grant.arn} would share a username with another user.`);
    const kept = held === undefined ? undefined : { ...grant, username: held.username };
    if (kept !== undefined && claims.claim(usernameUse(kept))) staged.set(key, { grant: kept, stage });
  }
  return staged;
}

/** Assigns each username in the first stage in which it is free. `waiting`: usernames that no planned write frees. */
function assignInStages(drafts: readonly Draft[], withdrawn: readonly string[], claims: UsernameClaims) {
  const staged = new Map<string, StagedGrant>();
  let waiting = drafts;
  let written = [...withdrawn];
  let stage = 0;
  for (; waiting.length > 0; stage += 1) {
    const granted = waiting.filter(({ grant }) => claims.claim(usernameUse(grant)));
    for (const { key, grant } of granted) staged.set(key, { grant, stage });
    waiting = waiting.filter(({ key }) => !staged.has(key));
    written.push(...granted.map(({ key }) => key));
    if (written.length === 0) break;
    // Once a grant is written, the username that was stored there is free for the stages that follow.
    for (const key of written) claims.release(key);
    written = [];
  }
  return { staged, waiting, stage };
}

const usernameUse = (grant: Grant): UsernameUse => ({
  key: grantKey(grant),
  scope: grant.scope,
  principalKey: grant.principalKey,
  principalId: grant.principalId,
  username: renderForUser(grant.username, grant.arn),
});

/** Empty if no binding contributes. */
function draft(key: string, target: Target, tallies: Tallies): Draft[] {
  const contributions = [...target.contributions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [first] = contributions;
  if (first === undefined) return [];
  const groups = [...new Set(contributions.flatMap(([, contribution]) => contribution.groups))].toSorted();
  const grant: Grant = {
    scope: target.scope,
    principalKey: target.principalKey,
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
  return [{ key, grant, held: target.held }];
}
