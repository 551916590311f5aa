/**
 * From a caller and the entries about it to a Kubernetes user: deny wins, grants add up, the narrowest names the user
 * (docs/architecture.md, "Mapping rules"; docs/decisions/0001). Pure, total and deterministic; the review, `explain` and the
 * access review all use it:
 *
 * lookupFor → (store) → matchEntries → (EC2, if `instance` is set) → resolveUser
 */
import { denied, ok } from '../errors.ts';
import type { DeniedOf, Instant, Result } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import type { Entries, Lookup } from '../records/lookup.ts';
import { denialId } from '../records/denial.ts';
import { mappingId } from '../records/mapping.ts';
import { instanceQuestion } from './instance.ts';
import type { Instance, InstanceQuestion } from './instance.ts';
import { evaluateMapping, needsInstance } from './evaluate.ts';
import type { EvaluatedMapping } from './evaluate.ts';
import { compareMatches } from './naming-order.ts';
import type { MatchedMapping } from './naming-order.ts';
import { credentialKeysOf, denialKeysOf, mappingKeysOf, sessionKey } from '../records/principal.ts';
import { scopesOf } from '../records/scope.ts';
import type { Cluster } from '../records/cluster.ts';
import type { DenialRef, StoredDenial } from '../records/denial.ts';
import type { MappingRef, Owner } from '../records/mapping.ts';
import type { Scope } from '../records/scope.ts';

/** Every entry that matches a caller on a cluster. */
export interface Match {
  readonly identity: CallerIdentity;
  readonly cluster: Cluster;
  readonly now: Instant;
  /** Narrowest first. */
  readonly mappings: readonly MatchedMapping[];
  /** The instance to read from EC2 before {@link resolveUser}; `undefined`: none. */
  readonly instance: InstanceQuestion | undefined;
}

/** What one live mapping granted. */
export interface Grant {
  readonly mappingId: string;
  readonly scope: Scope;
  readonly owner: Owner;
  readonly username: string;
  readonly groups: readonly string[];
}

export interface ResolvedUser {
  readonly username: string;
  /** The union of what was granted: unique, sorted. */
  readonly groups: readonly string[];
  /** The id of the mapping that named the user. */
  readonly namedBy: string;
  /** Narrowest first; the first named the user. */
  readonly grantedBy: readonly Grant[];
}

export type MatchFailure = DeniedOf<'cluster_disabled' | 'principal_denied'>;
export type ResolveFailure = DeniedOf<
  | 'principal_not_mapped'
  | 'principal_recreated'
  | 'mapping_expired'
  | 'username_invalid'
  | 'instance_not_verified'
>;

/**
 * Every key that could hold an entry about this caller on this cluster: scopes × principal keys, the group sync's only for IAM
 * users, since only users are members of groups; and the denials. 6 keys for a root user on a cluster without sets, 28 for a
 * permission set on one with five.
 */
export function lookupFor(identity: CallerIdentity, cluster: Pick<Cluster, 'id' | 'sets'>): Lookup {
  const mappings = scopesOf(cluster).flatMap((scope) =>
    mappingKeysOf(identity).flatMap(({ kind, key }): MappingRef[] => {
      const manual: MappingRef = { scope, principalKey: key, owner: 'manual' };
      const synced = kind === 'arn' && identity.principal.kind === 'user';
      return synced ? [manual, { ...manual, owner: 'group-sync' }] : [manual];
    }),
  );
  return { mappings, denials: denialRefsOf(identity) };
}

function denialRefsOf(identity: CallerIdentity): readonly DenialRef[] {
  const { sessionName } = identity;
  const byPrincipal = denialKeysOf(identity).flatMap(({ kind, key }): DenialRef[] =>
    kind === 'account' || sessionName === undefined
      ? [{ principalKey: key }]
      : [{ principalKey: key }, { principalKey: key, sessionKey: sessionKey(sessionName) }],
  );
  return [...byPrincipal, ...credentialKeysOf(identity).map((principalKey) => ({ principalKey }))];
}

/** The denials that are about this caller; others are left out. */
export function matchDenials(
  identity: CallerIdentity,
  denials: readonly StoredDenial[],
): readonly StoredDenial[] {
  const wanted = new Set(denialRefsOf(identity).map(denialId));
  return denials.filter((denial) => wanted.has(denialId(denial)));
}

/** The mappings that are about this caller on this cluster, narrowest first; others are left out. */
export function matchMappings(
  identity: CallerIdentity,
  cluster: Cluster,
  mappings: Entries['mappings'],
): readonly MatchedMapping[] {
  // A cluster admits one partition only; the parser has refused the others' STS hosts already.
  if (identity.partition !== cluster.partition) return [];
  const wanted = new Set(lookupFor(identity, cluster).mappings.map(mappingId));
  const kinds = new Map(mappingKeysOf(identity).map(({ kind, key }) => [key, kind]));
  return mappings
    .flatMap((mapping) => {
      const kind = kinds.get(mapping.principalKey);
      // Under a former key: about a principal that shares no key with this caller today.
      const isAbout = mapping.staleKey !== true && wanted.has(mappingId(mapping));
      return kind !== undefined && isAbout ? [{ kind, mapping }] : [];
    })
    .toSorted(compareMatches);
}

/**
 * Finds the entries that apply, and refuses the caller if no mapping can help: first for a disabled cluster, then for any
 * denial. Entries about other callers are left out.
 */
export function matchEntries(
  identity: CallerIdentity,
  cluster: Cluster,
  entries: Entries,
  now: Instant,
): Result<Match, MatchFailure> {
  if (cluster.disabled === true) return denied('cluster_disabled', { clusterId: cluster.id });
  if (matchDenials(identity, entries.denials).length > 0) {
    return denied('principal_denied', { canonicalArn: identity.canonicalArn });
  }
  const mappings = matchMappings(identity, cluster, entries.mappings);
  const asks = mappings.some(({ mapping }) => needsInstance(mapping, identity, now));
  return ok({ identity, cluster, now, mappings, instance: asks ? instanceQuestion(identity) : undefined });
}

/** Each matching mapping, live with what it grants or not live with the reason: narrowest first. */
export const evaluateMatch = (match: Match, instance?: Instance): readonly EvaluatedMapping[] =>
  match.mappings.map(({ mapping }) => evaluateMapping(mapping, match.identity, match.now, instance));

/**
 * Adds up what the live mappings grant. If none is live, the reason is that of the narrowest that matched.
 * @param instance what EC2 reported for `match.instance`, if that is set
 */
export function resolveUser(match: Match, instance?: Instance): Result<ResolvedUser, ResolveFailure> {
  const evaluated = evaluateMatch(match, instance);
  const grants = evaluated.flatMap((entry): Grant[] => {
    if (!entry.live) return [];
    const { mapping, username, groups } = entry;
    return [{ mappingId: mappingId(mapping), scope: mapping.scope, owner: mapping.owner, username, groups }];
  });
  const [first] = grants;
  if (first === undefined) return { ok: false, failure: refusal(match, evaluated) };
  return ok({
    username: first.username,
    groups: [...new Set(grants.flatMap(({ groups }) => groups))].toSorted(),
    namedBy: first.mappingId,
    grantedBy: grants,
  });
}

function refusal(match: Match, evaluated: readonly EvaluatedMapping[]): ResolveFailure {
  const [narrowest] = evaluated;
  if (narrowest !== undefined && !narrowest.live) return narrowest.failure;
  const { canonicalArn } = match.identity;
  return denied('principal_not_mapped', { canonicalArn, clusterId: match.cluster.id }).failure;
}
