/** What a caller may do: first by route, then by what the resolved change touches. */
import { clusterScope } from '../../records/scope.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Scope } from '../../records/scope.ts';
import type { RecordKind, RecordOf } from '../../records/kinds.ts';
import type { Admins, Role } from './admins.ts';
import { AdminProblem } from '../problem.ts';

/** Who asks. The actor comes from the event's request context, and goes into the change log as it is. */
export interface Caller {
  readonly actor: string;
  readonly role: Role | 'not_listed' | 'not_configured';
}

/**
 * Who may use a route. `writer` is an admin, or an operator; what the operator's scopes must hold is
 * asked again, by {@link requireChange}, when the change is resolved.
 */
export type Who = 'anyone' | 'reader' | 'writer' | 'admin';

/** @param admins `undefined`: the setting is missing */
export function callerOf(actor: string, admins: Admins | undefined): Caller {
  if (admins === undefined) return { actor, role: 'not_configured' };
  return { actor, role: admins.roleOf(actor) ?? 'not_listed' };
}

/** The caller's role as `GET /v1/info` reports it. */
export const roleName = ({ role }: Caller): 'admin' | 'operator' | 'auditor' | 'none' =>
  typeof role === 'string' ? 'none' : role.name;

const forbid = (caller: Caller, why: string): AdminProblem =>
  new AdminProblem('forbidden', `${caller.actor} ${why}.`);

/** The caller's role, if there is one. */
function roleOf(caller: Caller): Role {
  if (caller.role === 'not_configured') {
    throw new AdminProblem(
      'admins_not_configured',
      'Nobody may do this: the admin function has no COUNTERSIGN_ADMINS; set it in the deployment.',
    );
  }
  if (caller.role === 'not_listed') throw forbid(caller, 'is not listed in COUNTERSIGN_ADMINS');
  return caller.role;
}

/** @throws AdminProblem `forbidden`, `admins_not_configured` */
export function requireRole(caller: Caller, who: Who): void {
  if (who === 'anyone') return;
  const role = roleOf(caller);
  if (who === 'reader' || role.name === 'admin') return;
  if (who === 'admin') throw forbid(caller, `is ${article(role)}, and only an admin may do this`);
  if (role.name === 'auditor') throw forbid(caller, 'is an auditor, and may only read');
}

const article = (role: Role): string => `an ${role.name}`;

export const defaultAdminGroups: readonly string[] = ['system:masters'];

/** What a change needs: the scopes that it writes in, or a reason why only an admin may make it. */
type Needs = { readonly scopes: readonly Scope[] } | { readonly adminBecause: string };

type NeedsByKind = {
  readonly [K in RecordKind]: (before: RecordOf<K> | undefined, after: RecordOf<K> | undefined) => Needs;
};

const needsByKind: NeedsByKind = {
  mapping: (before, after) => {
    const scopes = [before?.scope, after?.scope].filter((scope) => scope !== undefined);
    return { scopes: [...new Set(scopes)] };
  },
  cluster: needsOfCluster,
  set: () => ({ adminBecause: 'only an admin may change sets' }),
  denial: () => ({ adminBecause: 'only an admin may change denials, which hold for every cluster' }),
  binding: () => ({ adminBecause: 'only an admin may change group bindings' }),
};

function needsOfCluster(before: Cluster | undefined, after: Cluster | undefined): Needs {
  const id = (after ?? before)?.id;
  if (id === undefined) return { scopes: [] };
  // A missing cluster counts as one with the defaults: otherwise a caller could delete and recreate it.
  const moved =
    !sameList(before?.sets ?? [], after?.sets ?? []) ||
    !sameList(before?.adminGroups ?? defaultAdminGroups, after?.adminGroups ?? defaultAdminGroups);
  return moved
    ? { adminBecause: 'only an admin may change the sets and adminGroups of a cluster' }
    : { scopes: [clusterScope(id)] };
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));

/**
 * Asks whether the caller may make `before` into `after`; `undefined` is no record.
 * @throws AdminProblem `forbidden`, `admins_not_configured`
 */
export function requireChange<K extends RecordKind>(
  caller: Caller,
  kind: K,
  before: RecordOf<K> | undefined,
  after: RecordOf<K> | undefined,
): void {
  requireRole(caller, 'writer');
  const needs = needsByKind[kind](before, after);
  if ('scopes' in needs) requireScopes(caller, needs.scopes);
  else if (roleOf(caller).name !== 'admin') throw forbid(caller, `may not do this: ${needs.adminBecause}`);
}

/** @throws AdminProblem `forbidden` if a scope is not among the caller's */
export function requireScopes(caller: Caller, scopes: readonly Scope[]): void {
  const role = roleOf(caller);
  if (role.name === 'admin') return;
  const allowed = role.name === 'operator' ? role.scopes : [];
  const outside = scopes.filter((scope) => !allowed.includes(scope));
  if (outside.length > 0) throw forbid(caller, `may not write in ${outside.join(', ')}`);
}

/** `?force=true` overrides a guard: for admins only. */
export function requireForce(caller: Caller): void {
  if (roleOf(caller).name !== 'admin') throw forbid(caller, 'may not use force: only an admin may');
}
