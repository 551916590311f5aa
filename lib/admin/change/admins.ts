/**
 * Who may change what: the setting COUNTERSIGN_ADMINS, a JSON object from principal to role.
 *
 *     {"arn:aws:iam::111122223333:role/PlatformAdmin": "admin",
 *      "permission-set/111122223333/Auditors": "auditor",
 *      "arn:aws:iam::111122223333:role/ci-staging": {"operator": ["cluster/staging-1", "cluster/staging-2"]}}
 *
 * Principals are matched as mappings are: without paths, whatever the session, and without case but for the names of federated
 * users. A permission set is `permission-set/<account>/<name>` or `permission-set/<partition>/<account>/<name>`.
 */
import { failed, ok, type Result } from '../../errors.ts';
import { parseJson } from '../../json/parse-json.ts';
import { isRecord } from '../../json/record.ts';
import { mappingKeyOf, mappingKeysOf, principalOfText } from '../../records/principal.ts';
import { isScope } from '../../records/scope.ts';
import type { PrincipalKey } from '../../records/principal.ts';
import type { Scope } from '../../records/scope.ts';
import { callerFromArn } from '../../identity/caller-identity.ts';

export type Role =
  | { readonly name: 'admin' }
  /** May write entries and records of these clusters: every scope is `cluster/<id>`. */
  | { readonly name: 'operator'; readonly scopes: readonly Scope[] }
  /** May read everything. */
  | { readonly name: 'auditor' };

export interface Admins {
  /** The role of an IAM ARN as a request context holds it. An entry for its ARN counts before its permission set's. */
  roleOf(caller: string): Role | undefined;
}

/** Parses the setting. Reports every problem at once; each completes "COUNTERSIGN_ADMINS: …". */
export function parseAdmins(text: string): Result<Admins, readonly string[]> {
  const parsed = parseJson(text);
  const repeated = parsed.ok ? [] : parsed.failure.filter(({ path }) => path !== '');
  if (repeated.length > 0) return failed(repeated.map(({ path, rule }) => `${path} ${rule}`));
  const table = parsed.ok ? parsed.value : undefined;
  if (!isRecord(table)) return failed(['it is not a JSON object of principals and roles']);
  const roles = new Map<PrincipalKey, Role>();
  const problems: string[] = [];
  for (const [principal, value] of Object.entries(table)) {
    const key = keyOf(principal);
    const role = parseRole(value);
    if (key === undefined) problems.push(`${principal} is not ${whatIsAPrincipal}`);
    else if (roles.has(key)) problems.push(`${principal} is there twice, in another spelling`);
    else if (typeof role === 'string') problems.push(`${principal} ${role}`);
    else roles.set(key, role);
  }
  if (problems.length > 0) return failed(problems);
  return ok({ roleOf: (caller) => lookUp(roles, caller) });
}

/** One caller and no other, as an admin: for `countersign dev`, which authenticates no one. */
export const onlyAdmin = (actor: string): Admins => ({
  roleOf: (caller) => (caller === actor ? { name: 'admin' } : undefined),
});

function lookUp(roles: ReadonlyMap<PrincipalKey, Role>, caller: string): Role | undefined {
  const identity = callerFromArn(caller);
  if (identity === undefined) return undefined;
  const key = mappingKeysOf(identity).find((candidate) => roles.has(candidate.key));
  return key === undefined ? undefined : roles.get(key.key);
}

const whatIsAPrincipal =
  'the ARN of a role, user, federated user or root, nor permission-set/<account>/<name>';

/** A session is one person for one hour, an account is too many: neither has a role. */
function keyOf(text: string): PrincipalKey | undefined {
  const principal = principalOfText(text);
  return principal === undefined || principal.accountId !== undefined ? undefined : mappingKeyOf(principal);
}

const shapeOfARole = 'must be "admin", "auditor" or {"operator": ["cluster/<id>", …]}';

function parseRole(value: unknown): Role | string {
  if (value === 'admin' || value === 'auditor') return { name: value };
  if (!isRecord(value) || Object.keys(value).join() !== 'operator') return shapeOfARole;
  const scopes: unknown = value['operator'];
  if (!Array.isArray(scopes) || scopes.length === 0) return shapeOfARole;
  const valid = scopes.filter(isClusterScope);
  return valid.length === scopes.length
    ? { name: 'operator', scopes: valid }
    : 'names a scope that is not cluster/<id>: only admins write in sets and in all';
}

const isClusterScope = (value: unknown): value is Scope =>
  typeof value === 'string' && value.startsWith('cluster/') && isScope(value);
