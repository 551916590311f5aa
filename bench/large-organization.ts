/** A large organization: two accounts of 5,000 users and 250 IAM groups each, of which 25 are bound. */
import {
  indexAccounts,
  type Group,
  type Role,
  type User,
  type AwsAccounts,
} from '../dev/stand-ins/service/accounts.ts';
import type { GroupBinding } from '../lib/records/binding.ts';

const accountIds = ['111122223333', '444455556666'];
const usersOf = 5000;
const groupsOf = 250;
const boundOf = 25;
/** IAM's default page size, and the largest that some of its answers hold. */
const pageSize = 100;

/** The function's own credentials, in the first account. */
export const functionKey = { id: 'AKIABENCHSYNC0000001', secret: 'not-a-real-secret' };

export interface LargeOrganization {
  readonly accounts: AwsAccounts;
  readonly bindings: readonly GroupBinding[];
  /** The minimum of calls and writes for a complete reading of the groups. */
  readonly least: { readonly getGroup: number; readonly assumeRole: number; readonly grants: number };
}

/** @param moved the number of users of each account who have moved from their first group to the next */
export function createLargeOrganization(moved = 0): LargeOrganization {
  const groups = accountIds.flatMap((account) => groupsIn(account, moved));
  const bound = groups.filter(({ name }) => Number(name.slice(1)) < boundOf);
  const accounts = indexAccounts({
    users: [...accountIds.flatMap(usersIn), functionUser],
    roles: accountIds.slice(1).map(readerRole),
    groups,
    iamPageSize: pageSize,
    iamEmptyPages: false,
  });
  return {
    accounts,
    bindings: bound.map(toBinding),
    least: {
      getGroup: bound.reduce(
        (sum, { members }) => sum + Math.ceil(Math.max(1, members.length) / pageSize),
        0,
      ),
      assumeRole: accountIds.length - 1,
      grants: accountIds.length * usersOf,
    },
  };
}

const entity = (accountId: string, kind: 'user' | 'role' | 'group', name: string, prefix: string) => ({
  accountId,
  partition: 'aws' as const,
  name,
  path: '/',
  id: `${prefix}${accountId.slice(0, 4)}${name.toUpperCase()}`,
  arn: `arn:aws:iam::${accountId}:${kind}/${name}`,
});

const usersIn = (account: string): User[] =>
  Array.from({ length: usersOf }, (_, index) => ({
    ...entity(account, 'user', `u${index}`, 'AIDA'),
    kind: 'user',
    keys: [],
    allow: [],
    throttled: false,
  }));

const functionUser: User = {
  ...entity(accountIds[0] ?? '', 'user', 'sync', 'AIDA'),
  kind: 'user',
  keys: [{ ...functionKey, inactive: false }],
  allow: ['iam:GetGroup'],
  throttled: false,
};

const readerRole = (account: string): Role => ({
  ...entity(account, 'role', 'CountersignGroupReader', 'AROA'),
  kind: 'role',
  trust: [functionUser.arn],
  requireMfa: false,
  maxSessionSeconds: 3600,
  allow: ['iam:GetGroup'],
  throttled: false,
});

/** Every user is in one bound group, every tenth in a second one; the other groups are not bound. */
function groupsIn(account: string, moved: number): Group[] {
  const members = Array.from({ length: groupsOf }, (): string[] => []);
  for (let index = 0; index < usersOf; index += 1) {
    const first = (index + (index < moved ? 1 : 0)) % boundOf;
    members[first]?.push(`u${index}`);
    if (index % 10 === 0) members[(first + 1) % boundOf]?.push(`u${index}`);
    members[boundOf + (index % (groupsOf - boundOf))]?.push(`u${index}`);
  }
  return members.map((names, index) =>
    Object.assign(entity(account, 'group', `g${index}`, 'AGPA'), { members: names }),
  );
}

const toBinding = (group: Group): GroupBinding => ({
  id: `b-${group.accountId}-${group.name}`,
  iamGroup: group.arn,
  scope: 'set/prod',
  username: 'aws:{{AccountID}}:{{UserName}}',
  groups: [`team-${group.name}`],
  ...(group.accountId === accountIds[0]
    ? {}
    : { readerRoleArn: `arn:aws:iam::${group.accountId}:role/CountersignGroupReader` }),
});
