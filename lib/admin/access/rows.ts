/** The rows of an access review: each is what a review would answer, computed by the code of the review. */
import { describe } from '../../errors.ts';
import type { Instant } from '../../errors.ts';
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import { usesInstance } from '../../records/template.ts';
import { matchDenials, matchEntries, matchMappings, resolveUser } from '../../resolve/resolve.ts';
import type { Grant, ResolvedUser } from '../../resolve/resolve.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Principal } from '../../records/principal.ts';
import type { Owner, StoredMapping } from '../../records/mapping.ts';
import type { Scope } from '../../records/scope.ts';
import type { Entries } from '../../records/lookup.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { exampleCaller, exampleInstance, withPlaceholders } from './hypothetical.ts';
import type { Callers } from './hypothetical.ts';

export interface GrantedBy {
  readonly mappingId: string;
  readonly scope: Scope;
  readonly owner: Owner;
  /** When the mapping was last changed. */
  readonly since: string;
  readonly by: string;
  readonly expiresAt?: string | undefined;
}

export interface AccessRow {
  readonly clusterId: string;
  readonly principal: Principal;
  readonly principalId?: string | undefined;
  readonly callers?: Callers | undefined;
  readonly username?: string | undefined;
  readonly groups: readonly string[];
  readonly grantedBy: readonly GrantedBy[];
  readonly denied?:
    { readonly code: string; readonly detail: string; readonly reason?: string | undefined } | undefined;
}

/** A principal on a cluster, with every entry that could be about it, and possibly others. */
export interface Question {
  readonly cluster: Cluster;
  readonly principal: Principal;
  readonly entries: Entries;
  readonly now: Instant;
}

/**
 * One row, or several if the answer depends on more than the principal: on its unique id, if entries are pinned; on
 * whether a session is an EC2 instance; in an account, on whether the caller is a role or a user. None if no entry is
 * about the principal.
 */
export function accessRows(question: Question): readonly AccessRow[] {
  const ids = [...new Set(pinsOf(question))];
  return (ids.length === 0 ? [undefined] : ids).flatMap((id) => rowsOfId(question, id));
}

function pinsOf({ cluster, principal, entries }: Question): readonly string[] {
  const caller = exampleCaller(principal, undefined, undefined);
  if (caller === undefined) return [];
  return matchMappings(caller, cluster, entries.mappings).flatMap(({ mapping }) => mapping.principalId ?? []);
}

function rowsOfId(question: Question, id: string | undefined): readonly AccessRow[] {
  const kinds: readonly Callers[] =
    question.principal.accountId === undefined ? ['ec2-instances'] : ['roles', 'users'];
  const rows = kinds.flatMap((callers) => rowOf(question, id, callers) ?? []);
  if (question.principal.accountId !== undefined) return isOne(rows) ? rows.slice(0, 1).map(forAll) : rows;
  const others = rowOf(question, id, undefined);
  if (others === undefined) return [];
  const [instances] = rows;
  if (instances === undefined || !mentionsInstance(question, others) || isOne([others, instances]))
    return [others];
  // Only nodes may enter: a row about the refusal of all other callers would be noise.
  return others.username === undefined && instances.username !== undefined
    ? [instances]
    : [others, instances];
}

const forAll = ({ callers: _callers, ...row }: AccessRow): AccessRow => row;

const isOne = (rows: readonly AccessRow[]): boolean =>
  new Set(rows.map((row) => canonicalJson(forAll(row)))).size <= 1;

function mentionsInstance({ cluster, principal, entries }: Question, { principalId }: AccessRow): boolean {
  const caller = exampleCaller(principal, principalId, undefined);
  return (
    caller !== undefined &&
    matchMappings(caller, cluster, entries.mappings).some(({ mapping }) => usesInstance(mapping))
  );
}

function rowOf(
  question: Question,
  principalId: string | undefined,
  callers: Callers | undefined,
): AccessRow | undefined {
  const { cluster, principal, entries, now } = question;
  const caller = exampleCaller(principal, principalId, callers);
  if (caller === undefined || matchMappings(caller, cluster, entries.mappings).length === 0) return undefined;
  const about = { clusterId: cluster.id, principal, principalId, callers };
  const match = matchEntries(caller, cluster, entries, now);
  const answer = match.ok ? resolveUser(match.value, instanceFor(match.value.mappings, caller)) : match;
  if (answer.ok) return { ...about, ...granted(answer.value, entries.mappings) };
  const { code } = answer.failure;
  const reason = code === 'principal_denied' ? matchDenials(caller, entries.denials)[0]?.reason : undefined;
  const denied = { code, detail: withPlaceholders(describe(answer.failure)), reason };
  return { ...about, groups: [], grantedBy: [], denied };
}

function instanceFor(
  mappings: readonly { readonly mapping: StoredMapping }[],
  caller: CallerIdentity,
): ReturnType<typeof exampleInstance> | undefined {
  const asking = mappings.find(({ mapping }) => usesInstance(mapping));
  return asking && exampleInstance(asking.mapping, caller);
}

const granted = (
  { username, groups, grantedBy }: ResolvedUser,
  mappings: readonly StoredMapping[],
): Pick<AccessRow, 'username' | 'groups' | 'grantedBy'> => ({
  username: withPlaceholders(username),
  groups: groups.map(withPlaceholders),
  grantedBy: grantedBy.map((grant) => grantOf(grant, mappings)),
});

function grantOf({ mappingId, scope, owner }: Grant, mappings: readonly StoredMapping[]): GrantedBy {
  const mapping = mappings.find(({ id }) => id === mappingId);
  if (mapping === undefined) throw new Error(`The mapping ${mappingId} of a grant was not read.`);
  const { updatedAt, updatedBy, expiresAt } = mapping;
  return { mappingId, scope, owner, since: updatedAt, by: updatedBy, expiresAt };
}
