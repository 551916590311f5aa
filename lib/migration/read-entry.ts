/** Reads one entry of mapRoles, mapUsers or mapAccounts. */
import type * as v from 'valibot';
import { parsePrincipalArn } from '../identity/arn.ts';
import { parseInput } from '../json/parse-input.ts';
import { isRecord } from '../json/record.ts';
import type { Principal } from '../records/principal.ts';
import { mappingInput } from '../records/mapping.ts';
import type { Scope } from '../records/scope.ts';

/** A mapping as a desired state has it. */
export type MappingState = v.InferInput<typeof mappingInput>;

/** Without a mapping, `notCarried` holds the reason. */
export interface ReadEntry {
  readonly mapping?: MappingState;
  readonly notices: readonly string[];
  readonly notCarried: readonly string[];
}

const refused = (...notCarried: readonly string[]): ReadEntry => ({ notices: [], notCarried });

/** mapAccounts names each user by its ARN, without groups: no template can express that. */
export const readAccount = (value: unknown): ReadEntry =>
  refused(
    `Account ${typeof value === 'string' ? value : '?'}: mapAccounts names each user by its ARN and has no groups. To let them enter, map {accountId: …} with a username template and groups.`,
  );

/** In lower case: keys are case-insensitive, as in viper and EKS. */
const knownFields: ReadonlySet<string> = new Set([
  'rolearn',
  'userarn',
  'sso',
  'username',
  'groups',
  'userid',
]);

/** Reads one entry of mapRoles or mapUsers. */
export function readEntry(list: 'mapRoles' | 'mapUsers', value: unknown, scope: Scope): ReadEntry {
  if (!isRecord(value)) return refused('This entry is not an object: check its indentation.');
  const fields = new Map<string, unknown>();
  for (const [name, field] of Object.entries(value)) {
    if (fields.has(name.toLowerCase())) return refused(`${name} is given twice, in two spellings: keep one.`);
    fields.set(name.toLowerCase(), field);
  }
  const unknown = [...fields.keys()].filter((name) => !knownFields.has(name));
  const principal = readPrincipal(list, fields);
  if (typeof principal === 'string') return refused(principal);
  if (fields.get('username') === undefined || fields.get('username') === '') {
    return refused('username is missing: check the indentation, or write one.');
  }
  const parsed = parseInput(mappingInput, mappingOf(scope, principal, fields));
  if (!parsed.ok) return refused(...parsed.failure.map(({ path, message }) => `${path}: ${message}`));
  return {
    mapping: asWritten(parsed.value, fields),
    notices: noticesOf(principal, fields),
    notCarried: unknown.map(
      (name) => `${name} is not a field of such an entry: EKS and aws-iam-authenticator ignore it too.`,
    ),
  };
}

function readPrincipal(
  list: 'mapRoles' | 'mapUsers',
  fields: ReadonlyMap<string, unknown>,
): Principal | string {
  const field = list === 'mapRoles' ? 'rolearn' : 'userarn';
  const other = list === 'mapRoles' ? 'userarn' : 'rolearn';
  const arn = fields.get(field);
  const sso = fields.get('sso');
  if (fields.has(other)) return `${other} does not belong in ${list}: move the entry, or correct the field.`;
  if (sso !== undefined)
    return arn === undefined ? readPermissionSet(sso) : `${field} and sso exclude each other.`;
  if (typeof arn !== 'string' || arn === '') return `${field} is missing: check the indentation.`;
  if (/[*?]/.test(arn)) return `${arn} has a wildcard: map a permission set, an account, or each role.`;
  return { arn };
}

function readPermissionSet(sso: unknown): Principal | string {
  if (!isRecord(sso)) return 'sso must have permissionSetName and accountID.';
  const fields = new Map(Object.entries(sso).map(([name, field]) => [name.toLowerCase(), field]));
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  const permissionSet = { accountId: text('accountid'), name: text('permissionsetname') };
  const partition = text('partition');
  // The schema validates all three.
  const checked = parseInput(mappingInput.entries.principal, {
    permissionSet: partition === '' ? permissionSet : { ...permissionSet, partition },
  });
  return checked.ok ? principalOf(checked.value) : checked.failure.map(({ message }) => message).join(' ');
}

function mappingOf(scope: Scope, principal: Principal, fields: ReadonlyMap<string, unknown>): object {
  const userId = fields.get('userid');
  return {
    scope,
    principal,
    username: fields.get('username'),
    groups: fields.get('groups') ?? [],
    ...(userId === undefined || userId === '' ? {} : { principalId: userId }),
  };
}

/** Without the defaults that the schema fills in, so that the file stays short. */
function asWritten(mapping: MappingState, fields: ReadonlyMap<string, unknown>): MappingState {
  const { instanceProfiles: _default, ...rest } = mapping;
  return fields.has('instanceprofiles') ? mapping : rest;
}

function noticesOf(principal: Principal, fields: ReadonlyMap<string, unknown>): readonly string[] {
  const notices: string[] = [];
  const parsed = principal.arn === undefined ? undefined : parsePrincipalArn(principal.arn);
  if (parsed?.kind === 'role' && parsed.path !== '/') {
    notices.push(
      `${principal.arn} has a path, so aws-iam-authenticator never matches it. Here it is matched as ${parsed.canonicalArn}, and grants access.`,
    );
  }
  if (fields.get('userid') !== undefined && fields.get('userid') !== '') {
    notices.push('userid becomes a pin: only the principal with that unique id may enter.');
  }
  if (fields.get('groups') === undefined)
    notices.push('There are no groups: the user has the rights of system:authenticated only.');
  return notices;
}

export const principalOf = (principal: MappingState['principal']): Principal =>
  'arn' in principal ? { arn: principal.arn } : principal;
