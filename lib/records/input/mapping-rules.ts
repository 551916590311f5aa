/** What must hold between the fields of a mapping (docs/architecture.md, "Mapping rules"). */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { PrincipalArn } from '../../identity/arn.ts';
import type { Broken } from './cross-fields.ts';
import { namePattern } from '../names/pattern.ts';
import { chosenPlaceholders, isSeparated, sessionPlaceholders } from '../reserved-names.ts';
import { literalPrefix, parseTemplate, placeholdersOf, usesInstance } from '../template.ts';
import type { Placeholder, Template } from '../template.ts';
import type { Principal } from '../principal.ts';

/** The fields that are valid by themselves. */
export interface MappingFields {
  readonly principal?: Principal | undefined;
  readonly username?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly principalId?: string | undefined;
  readonly instanceProfiles?: readonly string[] | undefined;
}

/** A template, and the field that its error names. */
interface Named {
  readonly subject: 'username' | 'a group';
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const namesOf = ({ username, groups = [] }: MappingFields): readonly Named[] => [
  ...(username === undefined ? [] : [{ subject: 'username' as const, path: ['username'], text: username }]),
  ...groups.map((text, index) => ({ subject: 'a group' as const, path: ['groups', index], text })),
];

/** The kind of principal, as its spelling shows. */
const kindOf = (principal: Principal): PrincipalArn['kind'] | 'permission-set' | 'account' => {
  if (principal.permissionSet !== undefined) return 'permission-set';
  if (principal.arn === undefined) return 'account';
  return parsePrincipalArn(principal.arn)?.kind ?? 'account';
};

/**
 * What callers of each kind never have: a template that uses it would never render. An instance has a role of its own: a whole
 * account and the people of a permission set are no nodes.
 */
const absent: Readonly<Record<ReturnType<typeof kindOf>, readonly Placeholder[]>> = {
  role: ['UserName'],
  'assumed-role': ['UserName'],
  user: ['RoleName', 'SessionName', 'SessionNameRaw', 'EC2PrivateDNSName'],
  'federated-user': ['UserName', 'RoleName', 'EC2PrivateDNSName'],
  root: ['UserName', 'RoleName', 'SessionName', 'SessionNameRaw', 'EC2PrivateDNSName'],
  'permission-set': ['UserName', 'EC2PrivateDNSName'],
  account: ['EC2PrivateDNSName'],
};

function unavailablePlaceholders(fields: MappingFields): readonly Broken[] {
  const { principal } = fields;
  if (principal === undefined) return [];
  const kind = kindOf(principal);
  return namesOf(fields).flatMap(({ subject, path, text }) => {
    const parsed = parseTemplate(text);
    const used = parsed.ok ? placeholdersOf(parsed.value) : [];
    return used
      .filter((name) => absent[kind].includes(name))
      .map((name) => ({
        path,
        message: `${subject} uses {{${name}}}, which ${kind === 'account' ? 'an' : 'a'} ${kind} does not have: leave it out.`,
      }));
  });
}

/** The name that group sync assigns to that very user: an account may name its users so. */
const syncedName = 'aws:{{AccountID}}:{{UserName}}';

/** Begins the usernames of group sync, and those of people: no other template with a name that a person chooses may. */
const keptPrefixes = { 'aws:': 'group sync', 'sso:': 'people and permission sets' } as const;

/** Who may create users and roles in an account chooses their names, so they are as free as a session name. */
function chosenNames(fields: MappingFields): readonly Broken[] {
  const { principal } = fields;
  if (principal === undefined) return [];
  const chosen = principal.accountId === undefined ? sessionPlaceholders : chosenPlaceholders;
  return namesOf(fields).flatMap(({ subject, path, text }) => {
    const pattern = text === syncedName ? undefined : namePattern(text, principal);
    const name = pattern && placeholdersOf(pattern).find((used) => chosen.has(used));
    if (pattern === undefined || name === undefined) return [];
    const message = keptPrefix(pattern, principal);
    if (message !== undefined) return [{ path, message: `${subject} ${message}` }];
    if (sessionPlaceholders.has(name) || isSeparated(pattern, chosen)) return [];
    return [
      {
        path,
        message: `${subject} uses {{${name}}} of a whole account, where people choose it: begin it with text of its own that ends in : or / right before {{${name}}}, such as acct:.`,
      },
    ];
  });
}

function keptPrefix(pattern: Template, principal: Principal): string | undefined {
  const prefix = literalPrefix(pattern);
  const kept = (['aws:', 'sso:'] as const).find(
    (text) => prefix.startsWith(text) && !(text === 'sso:' && principal.permissionSet !== undefined),
  );
  return (
    kept &&
    `begins with ${kept}, which is kept for the names of ${keptPrefixes[kept]}, and ends in what a person chooses: begin it with a prefix of its own, such as session: or dev:.`
  );
}

/** An account stands for everyone in it: too many for the groups that Kubernetes' own roles are bound to. */
function systemGroups({ principal, groups = [] }: MappingFields): readonly Broken[] {
  if (principal?.accountId === undefined) return [];
  return groups.flatMap((group, index) =>
    group.startsWith('system:')
      ? [
          {
            path: ['groups', index],
            message: `a group of a whole account must not begin with system:, as ${group} does: map roles or users to it.`,
          },
        ]
      : [],
  );
}

function pin({ principal, principalId }: MappingFields): readonly Broken[] {
  if (principal === undefined || principalId === undefined) return [];
  const expected = principal.arn === undefined ? undefined : pinPrefix(kindOf(principal));
  if (expected === undefined) {
    const message =
      'principalId pins the ARN of a role or a user, and this principal is neither: leave it out.';
    return [{ path: ['principalId'], message }];
  }
  if (principalId.startsWith(expected)) return [];
  const message = `principalId must begin with ${expected} for this principal: look it up with aws iam.`;
  return [{ path: ['principalId'], message }];
}

const pinPrefix = (kind: ReturnType<typeof kindOf>): string | undefined => {
  if (kind === 'user') return 'AIDA';
  return kind === 'role' ? 'AROA' : undefined;
};

function profiles({ principal, username, groups, instanceProfiles }: MappingFields): readonly Broken[] {
  if (instanceProfiles === undefined || username === undefined || groups === undefined) return [];
  if (!usesInstance({ username, groups })) {
    const message =
      'instanceProfiles go with {{EC2PrivateDNSName}} in the username or a group: leave them out.';
    return [{ path: ['instanceProfiles'], message }];
  }
  if (principal === undefined) return [];
  const account = principalAccount(principal);
  return instanceProfiles.flatMap((profile, index) =>
    accountOf(profile) === account
      ? []
      : [
          {
            path: ['instanceProfiles', index],
            message: `an instance profile must be in the principal's account, and ${profile} is not.`,
          },
        ],
  );
}

/** `aws:111122223333` */
function principalAccount(principal: Principal): string {
  if (principal.arn !== undefined) return accountOf(principal.arn);
  const { partition = 'aws', accountId } = principal.permissionSet ?? principal;
  return `${partition}:${accountId}`;
}

/** Every rule between fields that is broken. */
export const brokenMappingRules = (fields: MappingFields): readonly Broken[] => [
  ...unavailablePlaceholders(fields),
  ...chosenNames(fields),
  ...systemGroups(fields),
  ...pin(fields),
  ...profiles(fields),
];

/** The partition and account of an ARN of IAM that has passed its pattern: `aws:111122223333`. */
export const accountOf = (arnText: string): string => {
  const [, partition = '', , , account = ''] = arnText.split(':');
  return `${partition}:${account}`;
};
