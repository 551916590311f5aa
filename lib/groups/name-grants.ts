/** Makes grants of targets: groups are the union of what bindings give, and nobody gets a name that is taken. */
import type { Grant } from './membership.ts';
import { renderForUser } from './render-for-user.ts';
import type { Tallies } from './tally.ts';
import type { Target, Targets } from './targets.ts';
import { UsernameClaims } from './usernames.ts';

const maxGroups = 64;

interface Draft {
  readonly place: string;
  readonly grant: Grant;
  /** The username, a template, that the table holds for this user now. */
  readonly heldName: string | undefined;
}

/**
 * @returns the grants by place; a target to which no binding gives anything, or whose name is taken, has none.
 * Whoever holds a name keeps it; then those come who hold another; then the alphabet decides.
 */
export function nameGrants(targets: Targets, tallies: Tallies): Map<string, Grant> {
  const claims = new UsernameClaims();
  const grants = new Map<string, Grant>();
  const drafts = targets
    .entries()
    .flatMap(([place, target]) => draft(place, target, tallies))
    .toSorted((a, b) => rank(a) - rank(b) || (a.place < b.place ? -1 : 1));
  for (const { place, grant, heldName } of drafts) {
    const { scope, principalId, arn } = grant;
    const isFree = (name: string): boolean =>
      claims.claim({ scope, principalId, username: renderForUser(name, arn) });
    const username = [grant.username, heldName].find((name) => name !== undefined && isFree(name));
    if (username !== grant.username)
      tallies.refuse(grant, `${arn} would share a username with another user.`);
    if (username !== undefined) grants.set(place, { ...grant, username });
  }
  return grants;
}

function rank({ grant, heldName }: Draft): number {
  if (heldName === undefined) return 2;
  return heldName === grant.username ? 0 : 1;
}

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
  return [{ place, grant, heldName: target.held?.username }];
}
