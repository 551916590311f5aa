/** What the table knows about the person that a denial is about: unique ids, and other ways in. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import { denialRef } from '../../records/denial.ts';
import type { Denial } from '../../records/denial.ts';
import { denialKeyOf, mappingKeyOf } from '../../records/principal.ts';
import type { Principal } from '../../records/principal.ts';
import type { Store } from '../../store/ports.ts';
import { mappingsOfAllScopes } from '../lists/mapping-lists.ts';
import { everyItem, readOrThrow } from '../lists/store-results.ts';
import type { KnownOfDenied } from './denial-warnings.ts';

const isUserId = (id: string): boolean => id.startsWith('AIDA');

/** The IAM user that a denial names; `undefined` for any other subject. */
export function deniedUserArn({ principal }: Denial): string | undefined {
  const arn = principal?.arn;
  return arn !== undefined && parsePrincipalArn(arn)?.kind === 'user' ? arn : undefined;
}

/**
 * The unique ids to which mappings of a user are pinned: group sync pins each of its grants. Sorted; more than one if the
 * user was recreated. @throws AdminProblem
 */
export async function userIdsOf(
  store: Pick<Store, 'listByPrincipal'>,
  userArn: string,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  const key = mappingKeyOf({ arn: userArn });
  // An entry that cannot be read lets no caller in, so that its id is of no use.
  for await (const entry of everyItem(async (page) => store.listByPrincipal(key, page), ignore)) {
    const id = entry.kind === 'mapping' ? entry.stored.principalId : undefined;
    if (id !== undefined && isUserId(id)) ids.add(id);
  }
  return [...ids].toSorted();
}

const ignore = (): void => {};

/** Pages of mappings that are compared: the answer to a denial must not depend on the size of the fleet. */
const comparedPages = 8;

type Lists = Pick<
  Store,
  'listMappingsByScope' | 'listByPrincipal' | 'listClusters' | 'listSets' | 'readEach'
>;

/**
 * Other mapped principals through which the person may enter: those of the account other than its users and what is denied
 * already; for a permission set, those of any account too. A bounded number of reads, the widest scopes first.
 * @throws AdminProblem
 */
export async function readWaysThatStayOpen(
  store: Lists,
  denial: Denial,
): Promise<Pick<KnownOfDenied, 'stayOpen' | 'complete'>> {
  const isWay = wayFor(denial);
  if (isWay === undefined) return {};
  const ways = new Map<string, Principal>();
  let cursor: string | undefined;
  for (let page = 0; page < comparedPages; page += 1) {
    const { items, cursor: next } = await mappingsOfAllScopes(store, { limit: 200, cursor });
    for (const { principal } of items) if (isWay(principal)) ways.set(mappingKeyOf(principal), principal);
    cursor = next;
    if (cursor === undefined) break;
  }
  const principals = [...ways.values()];
  const refs = principals.map((principal) => denialRef({ principal, reason: '' }));
  const states = await readOrThrow(store.readEach('denial', refs));
  const open = principals.filter((_principal, index) => states[index]?.state !== 'live');
  return { stayOpen: open.map(wayText).toSorted(), complete: cursor === undefined };
}

/** Whether a mapped principal is another way in; `undefined`: the account of the subject is not known. */
function wayFor(denial: Denial): ((principal: Principal) => boolean) | undefined {
  const subject = denial.principal ?? (denial.userArn === undefined ? undefined : { arn: denial.userArn });
  const account = subject === undefined ? undefined : accountOf(subject);
  if (subject === undefined || account === undefined) return undefined;
  const key = denialKeyOf(subject);
  return (principal) => {
    if (denialKeyOf(principal) === key || isUser(principal)) return false;
    if (subject.permissionSet !== undefined && principal.permissionSet !== undefined) return true;
    return accountOf(principal) === account;
  };
}

const isUser = ({ arn }: Principal): boolean => arn !== undefined && parsePrincipalArn(arn)?.kind === 'user';

/** Partition and account. */
function accountOf(principal: Principal): string | undefined {
  if (principal.arn !== undefined) {
    const parsed = parsePrincipalArn(principal.arn);
    return parsed && `${parsed.partition}/${parsed.accountId}`;
  }
  const { partition = 'aws', accountId } = principal.permissionSet ?? principal;
  return `${partition}/${accountId}`;
}

function wayText({ arn, permissionSet, accountId }: Principal): string {
  if (arn !== undefined) return arn;
  if (permissionSet !== undefined)
    return `permission set ${permissionSet.name} in ${permissionSet.accountId}`;
  return `every role of account ${accountId}`;
}
