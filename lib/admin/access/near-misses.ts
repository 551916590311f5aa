/** Mappings that nearly match a caller, for a user who wonders why access is refused. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import { mappingKeyOf, mappingKeysOf, permissionSetOf } from '../../records/principal.ts';
import { scopesOf } from '../../records/scope.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { StoredMapping } from '../../records/mapping.ts';

export const mappingDifferences = [
  'case',
  'account',
  'partition',
  'kind',
  'scope',
  'permission-set',
  'stale-key',
] as const;
export type Difference = (typeof mappingDifferences)[number];

export interface NearMiss {
  readonly mapping: StoredMapping;
  readonly differs: Difference;
  /** One sentence. */
  readonly detail: string;
}

/** The name of a mapping's principal, without account and path; `undefined` for accounts and roots. */
function nameOf({ principal }: StoredMapping): string | undefined {
  if (principal.permissionSet !== undefined) return principal.permissionSet.name;
  const parsed = principal.arn === undefined ? undefined : parsePrincipalArn(principal.arn);
  return parsed === undefined || parsed.kind === 'root' ? undefined : parsed.name;
}

function callerName({ principal }: CallerIdentity): string | undefined {
  if (principal.kind === 'role') return principal.roleName;
  if (principal.kind === 'user') return principal.userName;
  return principal.kind === 'federated-user' ? principal.name : undefined;
}

/** How a mapping of the same name differs from the caller; `undefined`: it matches, or is about another name. */
export function nearMiss(
  caller: CallerIdentity,
  cluster: Pick<Cluster, 'id' | 'sets'>,
  mapping: StoredMapping,
): NearMiss | undefined {
  const miss = (differs: Difference, detail: string): NearMiss => ({ mapping, differs, detail });
  const isAbout = mappingKeysOf(caller).some(({ key }) => key === mappingKeyOf(mapping.principal));
  if (isAbout && mapping.staleKey === true) {
    return miss(
      'stale-key',
      'It is under a key of an earlier version, which no review reads: write it again, which moves it.',
    );
  }
  if (isAbout) {
    const inScope = scopesOf(cluster).includes(mapping.scope);
    return inScope
      ? undefined
      : miss(
          'scope',
          `The same principal is mapped in ${mapping.scope}, which does not reach cluster ${cluster.id}.`,
        );
  }
  return nearPermissionSet(caller, mapping, miss) ?? nearArn(caller, mapping, miss);
}

type Miss = (differs: Difference, detail: string) => NearMiss;

const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();

function nearPermissionSet(caller: CallerIdentity, mapping: StoredMapping, miss: Miss): NearMiss | undefined {
  const roleName = caller.principal.kind === 'role' ? caller.principal.roleName : undefined;
  const own = roleName === undefined ? undefined : permissionSetOf(roleName);
  const mapped = mapping.principal.permissionSet;
  if (mapped !== undefined) {
    if (sameName(own, mapped.name)) {
      return miss(
        'account',
        `Permission set ${mapped.name} is mapped for account ${mapped.accountId}, and the caller is of ${caller.accountId}.`,
      );
    }
    return sameName(roleName, mapped.name)
      ? miss('kind', `${mapped.name} is mapped as a permission set, and the caller is a role of that name.`)
      : undefined;
  }
  const mappedName = nameOf(mapping);
  const mappedRole = mappedName === undefined ? undefined : permissionSetOf(mappedName);
  return own !== undefined && sameName(own, mappedRole)
    ? miss(
        'permission-set',
        `Another role of permission set ${own} is mapped by its ARN: map the permission set itself.`,
      )
    : undefined;
}

function nearArn(caller: CallerIdentity, mapping: StoredMapping, miss: Miss): NearMiss | undefined {
  const parsed = mapping.principal.arn === undefined ? undefined : parsePrincipalArn(mapping.principal.arn);
  if (parsed === undefined || !sameName(nameOf(mapping), callerName(caller))) return undefined;
  const { arn } = mapping.principal;
  if (parsed.accountId !== caller.accountId) {
    return miss(
      'account',
      `${arn} is of account ${parsed.accountId}, and the caller is of ${caller.accountId}.`,
    );
  }
  if (parsed.partition !== caller.partition) {
    return miss(
      'partition',
      `${arn} is of partition ${parsed.partition}, and the caller is of ${caller.partition}.`,
    );
  }
  if (parsed.kind !== caller.principal.kind) {
    return miss('kind', `${arn} is a ${parsed.kind}, and the caller is a ${caller.principal.kind}.`);
  }
  // Nothing else that can differ is part of a key: only federated users differ by case.
  return miss(
    'case',
    `${arn} differs from ${caller.canonicalArn} by case, which counts in names of federated users.`,
  );
}
