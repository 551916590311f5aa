/** What the table knows of a denied person beside the denial itself: further denials to offer, and roles that only a command should name. */
import { parsePrincipalArn } from '../../../lib/identity/arn.ts';
import { shellWord } from '../../../lib/shell-word.ts';
import { at, compact, textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { denialText, principalText } from '../../terminal/cell.ts';

/** A denial to offer, as the admin API accepts it, without its reason. */
export interface Offer {
  readonly denial: JsonObject;
  /** Why it may be the same person: for display. */
  readonly why: string;
}

export interface Related {
  readonly offers: readonly Offer[];
  /** Denials of whole principals, which would cut off other people too. */
  readonly wider: readonly JsonObject[];
}

interface Person {
  /** Partition and account; `undefined`: not known. */
  readonly account: string | undefined;
  /** A user name or a session name. */
  readonly name: string | undefined;
  readonly uniqueIds: readonly string[];
}

/**
 * @param denial as it was sent
 * @param uniqueIds that are denied along with it
 * @param mappings all that the table holds
 */
export function relatedDenials(
  denial: JsonObject,
  uniqueIds: readonly string[],
  mappings: readonly JsonObject[],
): Related {
  const person = personOf(denial, uniqueIds);
  const others = mappings.filter((mapping) => !isSame(mapping['principal'], denial['principal']));
  const offers = others.flatMap((mapping) => pinned(mapping, person) ?? session(mapping, person) ?? []);
  const wider = others
    .filter((mapping) => person.account !== undefined && accountOf(mapping['principal']) === person.account)
    .filter(({ principal }) => kindOf(principal) === 'role' || kindOf(principal) === 'permission-set')
    .map(({ principal }) => ({ principal }));
  return {
    offers: distinct(offers, ({ denial: offered }) => offered),
    wider: distinct(wider, (item) => item),
  };
}

function personOf(denial: JsonObject, uniqueIds: readonly string[]): Person {
  const principal = denial['principal'];
  const arn = parsePrincipalArn(textAt(principal, 'arn') ?? textAt(denial, 'userArn') ?? '');
  const name = textAt(denial, 'sessionName') ?? (arn?.kind === 'user' ? arn.name : undefined);
  const own = textAt(denial, 'principalId');
  // A denied account has no other way in of its own.
  const isAccount = textAt(principal, 'accountId') !== undefined;
  const account = isAccount
    ? undefined
    : ((arn && `${arn.partition}/${arn.accountId}`) ?? accountOf(principal));
  return { account, name, uniqueIds: own === undefined ? uniqueIds : [...uniqueIds, own] };
}

/** An entry of another ARN that is pinned to the person's unique id: the user was renamed. */
function pinned({ principal, principalId }: JsonObject, { uniqueIds }: Person): Offer | undefined {
  const isOwn = typeof principalId === 'string' && uniqueIds.includes(principalId);
  return isOwn ? { denial: { principal }, why: `its mapping is pinned to ${principalId}` } : undefined;
}

/** A session of that name: if names are rendered from sessions, or an entry holds the name itself. */
function session(mapping: JsonObject, { account, name }: Person): Offer | undefined {
  const { principal } = mapping;
  const kind = kindOf(principal);
  if (name === undefined || (kind !== 'role' && kind !== 'permission-set')) return undefined;
  if (accountOf(principal) !== account) return undefined;
  const names = [textAt(mapping, 'username') ?? '', ...textsAt(mapping, 'groups')];
  const isNamed = names.some((text) => text.toLowerCase().split(/[:/]/).includes(name.toLowerCase()));
  const why = isNamed ? `its mapping names ${name}` : `its mapping names users by their session`;
  const hasSessions = names.some((text) => text.includes('{{SessionName'));
  return isNamed || hasSessions ? { denial: { principal, sessionName: name }, why } : undefined;
}

function kindOf(principal: unknown): string | undefined {
  if (at(principal, 'permissionSet') !== undefined) return 'permission-set';
  return parsePrincipalArn(textAt(principal, 'arn') ?? '')?.kind;
}

function accountOf(principal: unknown): string | undefined {
  const parsed = parsePrincipalArn(textAt(principal, 'arn') ?? '');
  if (parsed !== undefined) return `${parsed.partition}/${parsed.accountId}`;
  const of = at(principal, 'permissionSet') ?? principal;
  const accountId = textAt(of, 'accountId');
  return accountId === undefined ? undefined : `${textAt(of, 'partition') ?? 'aws'}/${accountId}`;
}

const isSame = (a: unknown, b: unknown): boolean => principalText(a) === principalText(b);

function distinct<T>(items: readonly T[], denialOf: (item: T) => JsonObject): readonly T[] {
  const byText = new Map(items.map((item) => [offerText(denialOf(item)), item]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** A denial on one line, for people. */
export function offerText(denial: JsonObject): string {
  const sessionName = textAt(denial, 'sessionName');
  return sessionName === undefined ? denialText(denial) : `${denialText(denial)}, session ${sessionName}`;
}

/** The command that writes a denial, one word of the shell for each value. */
export function commandOf(denial: JsonObject, reason: string): string {
  const set = at(denial['principal'], 'permissionSet');
  const of = set ?? denial['principal'];
  const options = compact({
    '--arn': textAt(of, 'arn'),
    '--permission-set': textAt(set, 'name'),
    '--account': textAt(of, 'accountId'),
    '--partition': textAt(of, 'partition'),
    '--session': textAt(denial, 'sessionName'),
    '--reason': reason,
  });
  const words = Object.entries(options).flatMap(([name, value]) => [name, shellWord(String(value))]);
  return ['countersign denials add', ...words].join(' ');
}
