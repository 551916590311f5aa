/** What is legal but risky about a record, as sentences, and what was changed on the way in. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { PrincipalArn } from '../../identity/arn.ts';
import { permissionSetOf } from '../../records/principal.ts';
import { parseTemplate, placeholdersOf, usesInstance } from '../../records/template.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { GroupBinding } from '../../records/binding.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { Principal } from '../../records/principal.ts';

/** `code` groups warnings of one sort: there can be thousands. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

type Named = Pick<Mapping, 'username' | 'groups' | 'scope'>;

const sessionPlaceholders: ReadonlySet<string> = new Set(['SessionName', 'SessionNameRaw']);

function namingWarnings({ username, groups, scope }: Named): Warning[] {
  const warnings: Warning[] = [];
  const chosen = [username, ...groups].filter((text) => {
    const parsed = parseTemplate(text);
    return parsed.ok && placeholdersOf(parsed.value).some((name) => sessionPlaceholders.has(name));
  });
  if (chosen.length > 0) {
    warnings.push({
      code: 'session_name',
      message: `${chosen.join(', ')}: whoever assumes the role chooses its session name; require sts:RoleSessionName in its trust policy.`,
    });
  }
  if (usesInstance({ username, groups })) {
    warnings.push({
      code: 'node_role_trust',
      message:
        'A principal that may assume the role of these nodes can name its session after any running instance, and so be that node: its trust policy must allow ec2.amazonaws.com, and no other principal.',
    });
  }
  if (scope === 'all' && groups.includes('system:masters')) {
    warnings.push({
      code: 'masters_everywhere',
      message: 'system:masters with scope all is root on every cluster, those to come included.',
    });
  }
  return warnings;
}

/** How a principal is stored, if that differs from how it was written. */
export function principalNotices(parsed: PrincipalArn, arn: string): Warning[] {
  if (parsed.kind !== 'role' || parsed.path === '' || parsed.path === '/') return [];
  return [
    {
      code: 'path_stripped',
      message: `STS does not report role paths: ${arn} is matched as ${parsed.canonicalArn}, under whatever path.`,
    },
  ];
}

function principalWarnings(principal: Principal, principalId: string | undefined): Warning[] {
  if (principal.accountId !== undefined) {
    return [
      { code: 'whole_account', message: `Every role and user of account ${principal.accountId} gets this.` },
    ];
  }
  const parsed = principal.arn === undefined ? undefined : parsePrincipalArn(principal.arn);
  if (parsed === undefined || principal.arn === undefined) return [];
  const warnings = principalNotices(parsed, principal.arn);
  const permissionSet = parsed.kind === 'role' ? permissionSetOf(parsed.name) : undefined;
  if (permissionSet !== undefined) {
    warnings.push({
      code: 'permission_set_role',
      message: `${parsed.canonicalArn} is made anew, with another suffix, when its permission set is assigned again: map the permission set ${permissionSet}.`,
    });
  }
  if (parsed.kind === 'root') {
    warnings.push({ code: 'root', message: `${principal.arn} is the root user of the account: use a role.` });
  }
  const pinnable = parsed.kind === 'role' || parsed.kind === 'user';
  if (pinnable && principalId === undefined) {
    warnings.push({
      code: 'unpinned',
      message: `${parsed.canonicalArn} is not pinned: whoever makes a ${parsed.kind} of that name again gets this; pin it with principalId.`,
    });
  }
  return warnings;
}

export const mappingWarnings = (mapping: Omit<Mapping, 'owner'>): readonly Warning[] => [
  ...principalWarnings(mapping.principal, mapping.principalId),
  ...namingWarnings(mapping),
];

export const bindingWarnings = (binding: GroupBinding): readonly Warning[] => namingWarnings(binding);

export const clusterWarnings = (cluster: Cluster): readonly Warning[] =>
  cluster.adminGroups.length === 0
    ? [
        {
          code: 'no_admin_groups',
          message: 'Without adminGroups nothing guards against locking everybody out.',
        },
      ]
    : [];

/** For answers about one record. */
export const sentences = (warnings: readonly Warning[]): string[] => warnings.map(({ message }) => message);

/** How many warnings of one sort are listed; the rest is counted. */
const listedOfEach = 3;

/** For answers about many records: of each sort the first few and how many more there are. */
export function summarized(warnings: readonly Warning[]): readonly string[] {
  const codes = [...new Set(warnings.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const same = warnings.filter((warning) => warning.code === code);
    const rest = same.length - listedOfEach;
    const listed = sentences(same.slice(0, listedOfEach));
    return rest > 0 ? listed.concat(`${rest} more like the one before (${code}).`) : listed;
  });
}
