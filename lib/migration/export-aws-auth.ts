/** The mappings of a cluster for EKS: an `aws-auth` ConfigMap. What it cannot hold is listed, never dropped. */
import { stringify } from 'yaml';
import type { Instant } from '../errors.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import { literalPrefix, parseTemplate } from '../records/template.ts';
import { compareMatches } from '../resolve/naming-order.ts';
import { denialKeysOf, principalKind } from '../records/principal.ts';
import type { Mapping, StoredMapping } from '../records/mapping.ts';
import type { PrincipalKey } from '../records/principal.ts';
import type { StoredDenial } from '../records/denial.ts';
import { callerFromArn } from '../identity/caller-identity.ts';

/** What is not in the export, and why. */
export interface NotExported {
  readonly mappingId: string;
  readonly message: string;
}

export interface AwsAuthEntry {
  readonly arn: string;
  readonly kind: 'role' | 'user';
  readonly username: string;
  readonly groups: readonly string[];
}

export interface Exported {
  readonly entries: readonly AwsAuthEntry[];
  readonly notExported: readonly NotExported[];
}

/** What applies to one cluster: mappings of its scopes, and all denials. */
export interface Exportable {
  readonly mappings: readonly StoredMapping[];
  readonly denials: readonly Pick<StoredDenial, 'principalKey' | 'sessionName'>[];
  readonly now: Instant;
}

/** One entry for each principal, its mappings added up as a review does. */
export function awsAuthEntries({ mappings, denials, now }: Exportable): Exported {
  const notExported: NotExported[] = [];
  const denied = new Set(
    denials.flatMap(({ principalKey, sessionName }) => (sessionName === undefined ? [principalKey] : [])),
  );
  const byKey = new Map<PrincipalKey, StoredMapping[]>();
  for (const mapping of mappings) {
    const why = obstacle(mapping, denied, now);
    if (why === undefined)
      byKey.set(mapping.principalKey, [...(byKey.get(mapping.principalKey) ?? []), mapping]);
    else notExported.push({ mappingId: mapping.id, message: why });
    if (why === undefined && mapping.principalId !== undefined) {
      notExported.push({
        mappingId: mapping.id,
        message: `The pin to ${mapping.principalId}: aws-auth has none.`,
      });
    }
  }
  const entries = [...byKey.values()].flatMap((same) => entryOf(same) ?? []);
  return { entries: entries.toSorted((a, b) => (a.arn < b.arn ? -1 : 1)), notExported };
}

/** Why a mapping cannot be in `aws-auth`; `undefined`: it can. */
function obstacle(
  mapping: StoredMapping,
  denied: ReadonlySet<PrincipalKey>,
  now: Instant,
): string | undefined {
  const { principal, expiresAt } = mapping;
  if (principal.permissionSet !== undefined) {
    return `Permission set ${principal.permissionSet.name}: aws-auth knows roles only, and theirs end in a suffix that changes.`;
  }
  if (principal.accountId !== undefined) {
    return `Account ${principal.accountId}: mapAccounts gives neither groups nor a username of one's own.`;
  }
  const identity = callerFromArn(principal.arn);
  const kind = identity?.principal.kind;
  if (identity === undefined || (kind !== 'role' && kind !== 'user')) {
    return `${principal.arn}: aws-auth knows roles and users only.`;
  }
  const { principalId } = mapping;
  const keys = [...denialKeysOf(identity).map(({ key }) => key), `principal-id/${principalId ?? ''}`];
  if (keys.some((key) => denied.has(key))) return `${principal.arn} is denied, which aws-auth cannot say.`;
  if (expiresAt === undefined) return undefined;
  return Date.parse(expiresAt) > now
    ? `${principal.arn} until ${expiresAt}: aws-auth would let it in for ever.`
    : `${principal.arn} expired at ${expiresAt}.`;
}

function entryOf(same: readonly StoredMapping[]): AwsAuthEntry | undefined {
  const ordered = same
    .map((mapping) => ({ kind: principalKind(mapping.principal), mapping }))
    .toSorted(compareMatches)
    .map(({ mapping }) => mapping);
  const [first] = ordered;
  const parsed = first?.principal.arn === undefined ? undefined : parsePrincipalArn(first.principal.arn);
  if (first === undefined || (parsed?.kind !== 'role' && parsed?.kind !== 'user')) return undefined;
  const render = (text: string): string => withNames(text, parsed.name);
  return {
    arn: parsed.canonicalArn,
    kind: parsed.kind,
    username: render(first.username),
    groups: [...new Set(ordered.flatMap(({ groups }) => groups.map(render)))].toSorted(),
  };
}

/** `{{UserName}}` and `{{RoleName}}` are ours; of one principal they are known. The others EKS knows too. */
const withNames = (template: string, name: string): string =>
  template.replaceAll(/\{\{(?:UserName|RoleName)\}\}/g, name);

/** The ConfigMap, as kubectl takes it. */
export function toAwsAuth({ entries }: Exported): string {
  const list = (kind: AwsAuthEntry['kind'], field: 'rolearn' | 'userarn'): string =>
    stringify(
      entries
        .filter((entry) => entry.kind === kind)
        .map(({ arn, username, groups }) => ({ [field]: arn, username, groups })),
      { lineWidth: 0 },
    );
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'aws-auth', namespace: 'kube-system' },
      data: { mapRoles: list('role', 'rolearn'), mapUsers: list('user', 'userarn') },
    },
    { lineWidth: 0 },
  );
}

/** As `aws eks create-access-entry --cli-input-json` takes it, but for the cluster's name. */
export interface AccessEntry {
  readonly principalArn: string;
  readonly username: string;
  readonly kubernetesGroups: readonly string[];
}

/** EKS refuses access entries that begin with these, and system: groups. */
const reservedPrefixes = ['system:', 'eks:', 'aws:', 'amazon:', 'iam:'];

/** Access entries, EKS's newer way in. */
export function toAccessEntries({ entries }: Exported): {
  readonly entries: readonly AccessEntry[];
  readonly notExported: readonly string[];
} {
  const notExported: string[] = [];
  const kept = entries.flatMap((entry) => {
    const why = accessEntryObstacle(entry);
    if (why !== undefined) notExported.push(`${entry.arn}: ${why}.`);
    const { arn, username, groups } = entry;
    return why === undefined ? [{ principalArn: arn, username, kubernetesGroups: groups }] : [];
  });
  return { entries: kept, notExported };
}

function accessEntryObstacle({ username, groups }: Pick<Mapping, 'username' | 'groups'>): string | undefined {
  const group = groups.find((name) => name.startsWith('system:'));
  if (group !== undefined) {
    return `group ${group} cannot be given by an access entry; associate an access policy, or a node type, instead`;
  }
  const prefix = reservedPrefixes.find((reserved) => username.startsWith(reserved));
  if (prefix !== undefined) return `a username of an access entry must not begin with ${prefix}`;
  const template = parseTemplate(username);
  const hasSession = /\{\{SessionName(?:Raw)?\}\}/.test(username);
  return hasSession && !(template.ok && literalPrefix(template.value).includes(':'))
    ? 'EKS wants a colon before the session name'
    : undefined;
}
