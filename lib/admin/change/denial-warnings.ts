/**
 * What a denial leaves open, as sentences that name what to deny instead (docs/cut-off.md has a row for each code). Each
 * sentence begins with its code. Pure: what the table knows is an argument.
 */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { PrincipalArn } from '../../identity/arn.ts';
import type { Denial } from '../../records/denial.ts';
import { permissionSetOf } from '../../records/principal.ts';
import type { PermissionSet } from '../../records/principal.ts';
import type { Warning } from './warnings.ts';

/** What the table holds about the person that a denial is about. */
export interface KnownOfDenied {
  /** Whether the other half is denied too: the unique id of a denied user, the ARN of a denied unique id. */
  readonly otherHalf?: boolean | undefined;
  /** Other mapped principals through which the same person may enter, for display. `undefined`: not looked up. */
  readonly stayOpen?: readonly string[] | undefined;
  /** Whether all mappings were compared. */
  readonly complete?: boolean | undefined;
}

const warning = (code: string, message: string): Warning => ({ code, message: `${code}: ${message}` });

/** Every way that this denial leaves open, in the order of how near it is. */
export function denialWarnings(denial: Denial, known: KnownOfDenied = {}): readonly Warning[] {
  if (denial.accessKeyId !== undefined) return [keyWarning(denial.accessKeyId)];
  if (denial.principalId !== undefined) return idWarnings(denial.principalId, denial.userArn, known);
  const { permissionSet, accountId, arn } = denial.principal;
  if (accountId !== undefined) return [accountWarning(accountId)];
  if (permissionSet !== undefined) return permissionSetWarnings(permissionSet, denial.sessionName, known);
  const parsed = parsePrincipalArn(arn);
  return parsed === undefined ? [] : arnWarnings(arn, parsed, denial.sessionName, known);
}

function arnWarnings(
  arn: string,
  parsed: PrincipalArn,
  sessionName: string | undefined,
  known: KnownOfDenied,
): readonly Warning[] {
  if (parsed.kind === 'user') return userWarnings(arn, parsed.name, parsed.path, known);
  if (parsed.kind === 'root') return [rootWarning(arn, parsed.accountId)];
  if (parsed.kind === 'federated-user') return [federatedWarning(arn)];
  return parsed.kind === 'role' ? roleWarnings(arn, parsed, sessionName, known) : [];
}

function userWarnings(arn: string, name: string, path: string, known: KnownOfDenied): readonly Warning[] {
  const rename = warning(
    'rename_stays_open',
    `a renamed user has another ARN, which a denial of ${arn} does not name. Deny the unique id too (principalId, --principal-id AIDA…): aws iam get-user --user-name ${name} --query User.UserId`,
  );
  return [
    ...(known.otherHalf === true ? [] : [rename]),
    rolesWarning(`the user ${arn}`, known),
    ...pathNotice(arn, path),
  ];
}

const rolesWarning = (who: string, known: KnownOfDenied): Warning =>
  warning(
    'roles_stay_open',
    `${who} can still enter as any mapped role that it may assume, and as any mapped federated user.${named(known)} Deny those too, or remove the permission to assume them in AWS.`,
  );

function idWarnings(id: string, userArn: string | undefined, known: KnownOfDenied): readonly Warning[] {
  if (id.startsWith('AROA')) {
    return [
      warning(
        'recreation_stays_open',
        `a role that is deleted and created again has another unique id than ${id}: deny the ARN of the role.`,
      ),
      otherRolesWarning(`the role with id ${id}`, known),
    ];
  }
  const recreation = warning(
    'recreation_stays_open',
    `a user who is deleted and created again has another unique id than ${id}: deny the ARN of the user too${userArn === undefined ? '' : `, ${userArn}`}.`,
  );
  return [...(known.otherHalf === true ? [] : [recreation]), rolesWarning(`the user with id ${id}`, known)];
}

function roleWarnings(
  arn: string,
  { accountId, partition, name, path }: PrincipalArn & { readonly kind: 'role' },
  sessionName: string | undefined,
  known: KnownOfDenied,
): readonly Warning[] {
  const set = permissionSetOf(name);
  const others = otherRolesWarning(arn, known);
  if (set !== undefined) {
    const instead = `permissionSet, --permission-set ${set} --account ${accountId}${partition === 'aws' ? '' : ` --partition ${partition}`}`;
    const suffix = warning(
      'permission_set_role',
      `${arn} gets another suffix when its permission set is assigned again, and then this does not name it: deny the permission set ${set} in its place (${instead}).`,
    );
    return [suffix, ...(sessionName === undefined ? [] : [observedWarning(sessionName)]), others];
  }
  const chosen = warning(
    'session_name_chosen',
    `the caller that assumes ${arn} chooses its session name. A denial of ${sessionName ?? ''} holds only if the trust policy of the role fixes sts:RoleSessionName for each of its callers: deny the role, or remove the person's permission to assume it in AWS.`,
  );
  return [...(sessionName === undefined ? [] : [chosen]), others, ...pathNotice(arn, path)];
}

const otherRolesWarning = (of: string, known: KnownOfDenied): Warning =>
  warning(
    'other_roles_stay_open',
    `the people behind ${of} can still enter as other mapped roles and permission sets that they may use, and under keys of their own.${named(known)} Deny those too.`,
  );

const permissionSetWarnings = (
  { name, accountId }: PermissionSet,
  sessionName: string | undefined,
  known: KnownOfDenied,
): readonly Warning[] => [
  ...(sessionName === undefined ? [] : [observedWarning(sessionName)]),
  otherRolesWarning(`permission set ${name} in ${accountId}`, known),
];

const observedWarning = (sessionName: string): Warning =>
  warning(
    'session_name_observed',
    `IAM Identity Center names sessions after its users: this is observed, and AWS does not promise it. A user who is renamed there is not denied any more. Disable the user ${sessionName} in Identity Center, too.`,
  );

const keyWarning = (id: string): Warning =>
  id.startsWith('AKIA')
    ? warning(
        'key_gives_other_keys',
        `the holder of ${id} can get other keys from it: sts:GetSessionToken needs no permission, and sts:AssumeRole and sts:GetFederationToken return new ones too. Deny the user, ARN and unique id, and deactivate the key in AWS: aws iam get-access-key-last-used --access-key-id ${id} --query UserName`,
      )
    : warning(
        'key_of_one_session',
        `${id} is the key of one session: the caller who opened it can open another, with another key. Deny the role, or the user by ARN and unique id.`,
      );

const accountWarning = (accountId: string): Warning =>
  warning(
    'other_accounts_stay_open',
    `people of account ${accountId} can still enter as mapped roles of other accounts that they may assume: deny those roles too.`,
  );

const rootWarning = (arn: string, accountId: string): Warning =>
  warning(
    'account_stays_open',
    `${arn} is only the root user, who can create users and roles in the account: deny the account (accountId, --account ${accountId}).`,
  );

const federatedWarning = (arn: string): Warning =>
  warning(
    'federated_name_chosen',
    `the caller of sts:GetFederationToken chooses the name, so that the same person can enter under another mapped name: deny the IAM user who gets the tokens as well. A denial of only that user does not reach ${arn}.`,
  );

function pathNotice(arn: string, path: string): readonly Warning[] {
  if (path === '' || path === '/') return [];
  return [
    warning('path_stripped', `a path is no part of an identity: ${arn} is denied under whatever path.`),
  ];
}

const shown = 5;

/** A sentence of its own, with the space before it. */
function named({ stayOpen, complete }: KnownOfDenied): string {
  if (stayOpen === undefined) return '';
  const rest = stayOpen.length - shown;
  const names = stayOpen.slice(0, shown).join(', ');
  const more = rest > 0 ? ` and ${rest} more` : '';
  const found = stayOpen.length === 0 ? 'none' : `${names}${more}`;
  return ` Mapped now, as far as the table knows: ${found}${complete === false ? ' (not all mappings were compared)' : ''}.`;
}
