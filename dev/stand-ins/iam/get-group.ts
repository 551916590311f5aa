import { answered, throttled, validationError, type Answered } from '../service/answer.ts';
import type { Call, Operation } from '../service/service.ts';
import { nameKey, type Group, type User, type AwsAccounts } from '../service/accounts.ts';
import { accessDenied, allowedAccount, noSuchEntity, readName } from './access.ts';
import { describeEntity, describeUser } from './describe.ts';

/** Where a page begins: after this member. `afterEmpty`: the empty page was sent already. */
interface Position {
  readonly after: string;
  readonly afterEmpty: boolean;
}

const start: Position = { after: '', afterEmpty: true };
const action = 'iam:GetGroup';

/** Returns one page of a group's members, in the order of their names. */
export const getGroup: Operation = (call) => {
  const name = readName(call, 'GroupName');
  if (!name.ok) return name;
  const resource = `group ${name.value}`;
  const account = allowedAccount(call, action, resource);
  if (!account.ok) return account;
  const group = call.accounts.groups.find(
    (one) => one.accountId === account.value && one.name === name.value,
  );
  if (group === undefined) return noSuchEntity('group', name.value);
  if (group.fault === 'AccessDenied') return accessDenied(call, action, resource);
  if (group.fault === 'Throttling') return throttled();
  const page = readPage(call);
  if (!page.ok) return page;
  const { users, next } = cut(membersOf(call.accounts, group), page.value, call.accounts.iamEmptyPages);
  return answered({
    Users: users.map(describeUser),
    Group: describeEntity(group, 'Group'),
    IsTruncated: next !== undefined,
    Marker: next === undefined ? undefined : writeMarker(next),
  });
};

interface Page {
  readonly size: number;
  readonly from: Position;
}

function readPage({ parameters, accounts }: Call): Answered<Page> {
  const items = parameters.get('MaxItems') ?? String(accounts.iamPageSize);
  if (!/^\d{1,4}$/.test(items) || Number(items) < 1 || Number(items) > 1000) {
    return validationError(
      `Value '${items}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000`,
    );
  }
  const marker = parameters.get('Marker');
  const from = marker === undefined ? start : readMarker(marker);
  if (from === undefined) return validationError("Value at 'marker' is not a marker of this service");
  return answered({ size: Math.min(Number(items), accounts.iamPageSize), from });
}

const membersOf = (accounts: AwsAccounts, group: Group): User[] =>
  group.members
    .flatMap((name) => accounts.userByName.get(nameKey(group.accountId, name)) ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Pages go by name, not by number: a member who leaves between two pages hides no other member. */
function cut(
  members: readonly User[],
  { size, from }: Page,
  emptyPages: boolean,
): { readonly users: readonly User[]; readonly next: Position | undefined } {
  const rest = members.filter((user) => user.name > from.after);
  if (emptyPages && !from.afterEmpty && rest.length > 0) {
    return { users: [], next: { ...from, afterEmpty: true } };
  }
  const users = rest.slice(0, size);
  const last = users.at(-1);
  const next = rest.length > size && last !== undefined ? { after: last.name, afterEmpty: false } : undefined;
  return { users, next };
}

const writeMarker = ({ after, afterEmpty }: Position): string =>
  Buffer.from(`${afterEmpty ? 'page' : 'gap'} ${after}`).toString('base64');

function readMarker(marker: string): Position | undefined {
  const [, kind, after] = /^(page|gap) (.+)$/.exec(Buffer.from(marker, 'base64').toString('utf8')) ?? [];
  return after === undefined ? undefined : { after, afterEmpty: kind === 'page' };
}
