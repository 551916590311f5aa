/** Entries that could give one username to two people, and entries that rename a user: legal, and said when they are written. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { GroupBinding } from '../../records/binding.ts';
import { accountOf } from '../../records/input/mapping-rules.ts';
import type { Mapping } from '../../records/mapping.ts';
import { canBeEqual, namePattern, onlyName } from '../../records/names/pattern.ts';
import { mappingKeysOf, mappingKeyOf, principalKind } from '../../records/principal.ts';
import type { Principal } from '../../records/principal.ts';
import { scopeParts } from '../../records/scope.ts';
import type { Scope } from '../../records/scope.ts';
import { exampleCaller } from '../access/hypothetical.ts';
import type { Warning } from './warnings.ts';

/** An entry that names users: a mapping, or the members of a bound group. */
export interface NamingEntry {
  readonly scope: Scope;
  readonly principal: Principal;
  readonly username: string;
  /** How a warning calls it. */
  readonly called: string;
}

const nameOf = (principal: Principal): string => principal.arn ?? mappingKeyOf(principal);

export const entryOfMapping = ({
  scope,
  principal,
  username,
}: Pick<Mapping, 'scope' | 'principal' | 'username'>): NamingEntry => ({
  scope,
  principal,
  username,
  called: `${nameOf(principal)} (${scope})`,
});

/** Every user of the group's account: who is a member can change at any time. */
export const entryOfBinding = ({ id, iamGroup, scope, username }: GroupBinding): NamingEntry => ({
  scope,
  principal: { accountId: accountOf(iamGroup).split(':')[1] ?? '' },
  username,
  called: `members of the group binding ${id} (${scope})`,
});

/** The keys under which a review looks for mappings of this principal: its own, its permission set's, its account's. */
export function keysAbove(principal: Principal): readonly string[] {
  const caller = principal.arn === undefined ? undefined : exampleCaller(principal, undefined, undefined);
  return caller === undefined ? [mappingKeyOf(principal)] : mappingKeysOf(caller).map(({ key }) => key);
}

/** One person: the same principal, or one that is part of the other and gets the same name from its template. */
function isSamePerson(one: NamingEntry, other: NamingEntry): boolean {
  if (mappingKeyOf(one.principal) === mappingKeyOf(other.principal)) return true;
  // IAM Identity Center names the sessions of every permission set after the person.
  if (
    principalKind(one.principal) === 'permission-set' &&
    principalKind(other.principal) === 'permission-set'
  )
    return true;
  const [narrow, wide] = one.principal.arn === undefined ? [other, one] : [one, other];
  if (
    narrow.principal.arn === undefined ||
    !keysAbove(narrow.principal).includes(mappingKeyOf(wide.principal))
  )
    return false;
  return parsePrincipalArn(narrow.principal.arn)?.kind === 'user'
    ? onlyIn(narrow.username, narrow.principal) === onlyIn(wide.username, narrow.principal)
    : narrow.username === wide.username;
}

function onlyIn(username: string, principal: Principal): string | undefined {
  const pattern = namePattern(username, principal);
  return pattern && onlyName(pattern);
}

/** Whether two entries can give one username to two people. Whether their scopes meet is for the caller to know. */
export function shareName(one: NamingEntry, other: NamingEntry): boolean {
  const [first, second] = [
    namePattern(one.username, one.principal),
    namePattern(other.username, other.principal),
  ];
  return (
    first !== undefined && second !== undefined && canBeEqual(first, second) && !isSamePerson(one, other)
  );
}

const namedAtMost = 3;

/** @param others entries of scopes that meet that of `entry` */
export function sharedNameWarnings(entry: NamingEntry, others: readonly NamingEntry[]): readonly Warning[] {
  const sharing = others.filter((other) => shareName(entry, other));
  if (sharing.length === 0) return [];
  const rest = sharing.length - namedAtMost;
  const list = sharing.slice(0, namedAtMost).map(({ called, username }) => `${called} as ${username}`);
  const more = rest > 0 ? `, and ${rest} more` : '';
  return [
    {
      code: 'username_shared',
      message: `The username ${entry.username} of ${nameOf(entry.principal)} can also be that of ${list.join(', ')}${more}: RBAC and audit logs cannot tell them from each other; give each a name or a prefix of its own.`,
    },
  ];
}

const scopeRank = { cluster: 0, set: 1, all: 2 } as const;
const kindRank = { arn: 0, 'permission-set': 1, account: 2 } as const;

/** As `lib/resolve/naming-order.ts`: principal, then scope. */
const rank = ({ principal, scope }: NamingEntry): number =>
  kindRank[principalKind(principal)] * 3 + scopeRank[scopeParts(scope).kind];

/** @param others entries of the same callers, whose scopes meet that of `entry` */
export function renamedWarnings(entry: NamingEntry, others: readonly NamingEntry[]): readonly Warning[] {
  return others
    .filter(({ username, principal, scope }) => {
      const same = mappingKeyOf(principal) === mappingKeyOf(entry.principal) && scope === entry.scope;
      return username !== entry.username && !same;
    })
    .slice(0, namedAtMost)
    .map((other) => {
      const [first, second] = rank(entry) <= rank(other) ? [entry, other] : [other, entry];
      return {
        code: 'user_renamed',
        message: `${nameOf(entry.principal)} has two usernames: where ${first.scope} and ${second.scope} meet it is ${first.username} (of ${first.called}), not ${second.username} (of ${second.called}), with the groups of both.`,
      };
    });
}
