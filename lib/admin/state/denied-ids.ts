/**
 * A desired state that denies a user also denies the user's unique ids (docs/decisions/0009): a state in a repository lists ARNs,
 * and would otherwise lift the denials of the ids.
 */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { denialId, denialRef } from '../../records/denial.ts';
import type { Denial } from '../../records/denial.ts';
import { recordOf } from '../../records/kinds.ts';
import { mappingKeyOf } from '../../records/principal.ts';
import type { Store } from '../../store/ports.ts';
import { isOfUser } from '../change/denied-halves.ts';
import { deniedUserArn, userIdsOf } from '../change/denied-person.ts';
import { parallelism } from '../limits.ts';
import type { CurrentState } from './current-state.ts';
import type { DesiredState } from './desired-state.ts';

/**
 * Adds a denial for each unique id that a mapping of the table or of the state pins for a denied user, and keeps those that were
 * written for the user before. One Query for each denied user. @throws AdminProblem
 */
export async function withDeniedIds(
  store: Pick<Store, 'listByPrincipal'>,
  current: CurrentState,
  desired: DesiredState,
): Promise<DesiredState> {
  const { denials, mappings = [] } = desired;
  if (denials === undefined) return desired;
  const added = new Map<string, Denial>();
  const stated = new Set(denials.map((denial) => denialId(denialRef(denial))));
  const add = (denial: Denial): void => {
    const id = denialId(denialRef(denial));
    if (!stated.has(id) && !added.has(id)) added.set(id, denial);
  };
  const users = denials.flatMap((denial) => {
    const userArn = deniedUserArn(denial);
    return userArn === undefined ? [] : [{ userArn, reason: denial.reason }];
  });
  for (const { userArn } of users) {
    for (const stored of current.records.denial) {
      if (isOfUser(stored, userArn)) add(recordOf('denial', stored));
    }
  }
  const pinned = await mapConcurrently(users, parallelism, async ({ userArn }) => userIdsOf(store, userArn));
  for (const [index, { userArn, reason }] of users.entries()) {
    const key = mappingKeyOf({ arn: userArn });
    const own = mappings.flatMap(({ principal, principalId }) =>
      mappingKeyOf(principal) === key ? (principalId ?? []) : [],
    );
    for (const principalId of [...(pinned[index] ?? []), ...own]) add({ principalId, userArn, reason });
  }
  return added.size === 0 ? desired : { ...desired, denials: [...denials, ...added.values()] };
}
