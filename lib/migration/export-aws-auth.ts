/** The mappings of a cluster as an `aws-auth` ConfigMap of EKS. What it cannot hold is reported, never dropped silently. */
import type { Instant } from '../errors.ts';
import { yamlOf } from '../json/write-yaml.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import { compareMatches } from '../resolve/naming-order.ts';
import { denialKeyOf, denialKeysOf, principalKind } from '../records/principal.ts';
import type { StoredMapping } from '../records/mapping.ts';
import type { PrincipalKey } from '../records/principal.ts';
import type { StoredDenial } from '../records/denial.ts';
import { callerFromArn } from '../identity/caller-identity.ts';

/** A mapping that is not in the export, and why. */
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

/** The mappings of the scopes of one cluster, and all denials. */
export interface Exportable {
  readonly mappings: readonly StoredMapping[];
  readonly denials: readonly Pick<StoredDenial, 'principalKey' | 'sessionName'>[];
  readonly now: Instant;
}

/** One entry for each principal, which merges its mappings as a review does. */
export function awsAuthEntries({ mappings, denials, now }: Exportable): Exported {
  const notExported: NotExported[] = [];
  const denied = new Set(
    denials.flatMap(({ principalKey, sessionName }) =>
      sessionName === undefined ? [keyToday(principalKey)] : [],
    ),
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

/** EKS must not admit whom a denial under a former key names, although a review would. */
const keyToday = (key: PrincipalKey): PrincipalKey =>
  key.startsWith('arn:') ? denialKeyOf({ arn: key }) : key;

/** Why a mapping cannot be in `aws-auth`; `undefined` if it can. */
function obstacle(
  mapping: StoredMapping,
  denied: ReadonlySet<PrincipalKey>,
  now: Instant,
): string | undefined {
  const { principal, expiresAt } = mapping;
  if (mapping.staleKey === true) {
    return `Mapping ${mapping.id} is under a key of an earlier version, so it grants nothing: write it again.`;
  }
  if (principal.permissionSet !== undefined) {
    return `Permission set ${principal.permissionSet.name}: aws-auth knows roles only, and theirs end in a suffix that changes.`;
  }
  if (principal.accountId !== undefined) {
    return `Account ${principal.accountId}: mapAccounts has neither groups nor usernames.`;
  }
  const identity = callerFromArn(principal.arn);
  const kind = identity?.principal.kind;
  if (identity === undefined || (kind !== 'role' && kind !== 'user')) {
    return `${principal.arn}: aws-auth knows roles and users only.`;
  }
  const { principalId } = mapping;
  const keys = [...denialKeysOf(identity).map(({ key }) => key), `principal-id/${principalId ?? ''}`];
  if (keys.some((key) => denied.has(key)))
    return `${principal.arn} is denied, which aws-auth cannot express.`;
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

/** Fills in `{{UserName}}` and `{{RoleName}}`, which EKS does not know. It knows the other placeholders. */
const withNames = (template: string, name: string): string =>
  template.replaceAll(/\{\{(?:UserName|RoleName)\}\}/g, name);

/** The ConfigMap, as YAML for kubectl. */
export function toAwsAuth({ entries }: Exported): string {
  const list = (kind: AwsAuthEntry['kind'], field: 'rolearn' | 'userarn'): string =>
    yamlOf(
      entries
        .filter((entry) => entry.kind === kind)
        .map(({ arn, username, groups }) => ({ [field]: arn, username, groups })),
    );
  return yamlOf({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
    data: { mapRoles: list('role', 'rolearn'), mapUsers: list('user', 'userarn') },
  });
}
