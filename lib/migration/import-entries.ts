/**
 * Entries of mapRoles, mapUsers and mapAccounts, as EKS and aws-iam-authenticator know them, into mappings. Nothing is
 * dropped in silence: what cannot be carried over is listed with its line and the reason.
 */
import { isRecord } from '../json/record.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import { principalKey } from '../records/principal.ts';
import { mappingInput } from '../records/mapping.ts';
import type { Principal } from '../records/principal.ts';
import type { Scope } from '../records/scope.ts';
import type { DesiredStateInput } from '../admin/state/desired-state.ts';
import { parseInput } from '../admin/input-errors.ts';
import { pathText } from '../json/value-path.ts';
import type { FileNote } from '../json/read-yaml.ts';
import type { ValuePath } from '../json/value-path.ts';

type MappingState = NonNullable<DesiredStateInput['mappings']>[number];

export interface Imported {
  /** For `plan` and `apply`: mappings alone. */
  readonly state: { readonly mappings: readonly MappingState[] };
  /** What became something else on the way, or is worth a look. */
  readonly notices: readonly FileNote[];
  /** What is not in the state, each with the reason. */
  readonly notCarried: readonly FileNote[];
}

/** `ok: false`: the file as a whole cannot be read; nothing was imported. */
export type ImportResult =
  | { readonly ok: true; readonly imported: Imported }
  | { readonly ok: false; readonly problems: readonly FileNote[] };

/** One list of a file, with the place of each of its values. */
export interface EntryList {
  readonly name: 'mapRoles' | 'mapUsers' | 'mapAccounts';
  readonly entries: readonly unknown[];
  readonly lineOf: (path: ValuePath) => number;
}

interface Entry {
  /** `mapRoles[3]` */
  readonly path: string;
  readonly line: number;
  readonly mapping: MappingState;
  readonly key: string;
  /** Whether the ARN had a path: aws-iam-authenticator never matches such an entry. */
  readonly hadPath: boolean;
}

/** Turns lists into mappings in one scope. */
export function importEntries(lists: readonly EntryList[], scope: Scope): Imported {
  const notices: FileNote[] = [];
  const notCarried: FileNote[] = [];
  const entries: Entry[] = [];
  for (const list of lists) {
    for (const [index, value] of list.entries.entries()) {
      const place = { path: pathText([list.name, index]), line: list.lineOf([index]) };
      const read = list.name === 'mapAccounts' ? refuseAccount(value) : readEntry(list.name, value, scope);
      notices.push(...read.notices.map((message) => ({ ...place, message })));
      notCarried.push(...read.notCarried.map((message) => ({ ...place, message })));
      if (read.mapping !== undefined) {
        entries.push({ ...place, mapping: read.mapping, ...keyOf(read.mapping) });
      }
    }
  }
  const { winners, shadowed } = withoutDuplicates(entries);
  return {
    state: { mappings: winners.map(({ mapping }) => mapping) },
    notices,
    notCarried: [...notCarried, ...shadowed].toSorted((a, b) => a.line - b.line),
  };
}

function keyOf({ principal }: MappingState): { readonly key: string; readonly hadPath: boolean } {
  const { arn } = principalOf(principal);
  const parsed = arn === undefined ? undefined : parsePrincipalArn(arn);
  return {
    key: principalKey(principalOf(principal)),
    hadPath: parsed?.kind === 'role' && parsed.path !== '/',
  };
}

const principalOf = (principal: MappingState['principal']): Principal =>
  'arn' in principal ? { arn: principal.arn } : principal;

/**
 * aws-iam-authenticator takes the last of several entries of one ARN, and none with a role path. Here they would be
 * the same mapping: the one that works there is taken, and the others are listed.
 */
function withoutDuplicates(entries: readonly Entry[]): {
  readonly winners: readonly Entry[];
  readonly shadowed: readonly FileNote[];
} {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const before = byKey.get(entry.key);
    if (before === undefined || before.hadPath || !entry.hadPath) byKey.set(entry.key, entry);
  }
  const shadowed = entries.flatMap((entry): FileNote[] => {
    const winner = byKey.get(entry.key);
    if (winner === undefined || winner === entry) return [];
    const why =
      entry.hadPath && !winner.hadPath
        ? 'has no path, and so is the one that works'
        : 'comes later, and wins';
    const message = `The same principal as ${winner.path} (line ${winner.line}), which ${why}: move its groups there if they are wanted.`;
    return [{ path: entry.path, line: entry.line, message }];
  });
  return { winners: [...byKey.values()], shadowed };
}

interface ReadEntry {
  readonly mapping?: MappingState;
  readonly notices: readonly string[];
  readonly notCarried: readonly string[];
}

const refused = (...notCarried: readonly string[]): ReadEntry => ({ notices: [], notCarried });

/** There each user is called by its ARN and has no group: no template says that. */
const refuseAccount = (value: unknown): ReadEntry =>
  refused(
    `Account ${typeof value === 'string' ? value : '?'}: mapAccounts names everybody by their ARN and gives no group; if they are to enter, map {accountId: …} with a username template and groups.`,
  );

/** Their keys are matched without case, as viper and EKS do. */
const knownFields: ReadonlySet<string> = new Set([
  'rolearn',
  'userarn',
  'sso',
  'username',
  'groups',
  'userid',
]);

function readEntry(list: 'mapRoles' | 'mapUsers', value: unknown, scope: Scope): ReadEntry {
  if (!isRecord(value)) return refused('This entry is no object: check its indentation.');
  const fields = new Map<string, unknown>();
  for (const [name, field] of Object.entries(value)) {
    if (fields.has(name.toLowerCase())) return refused(`${name} is there twice, in two spellings: keep one.`);
    fields.set(name.toLowerCase(), field);
  }
  const unknown = [...fields.keys()].filter((name) => !knownFields.has(name));
  const principal = readPrincipal(list, fields);
  if (typeof principal === 'string') return refused(principal);
  if (fields.get('username') === undefined || fields.get('username') === '') {
    return refused('username is missing: check the indentation, or write one.');
  }
  const parsed = parseInput(mappingInput, mappingOf(scope, principal, fields));
  if (!parsed.ok) return refused(...parsed.errors.map(({ path, message }) => `${path}: ${message}`));
  return {
    mapping: asWritten(parsed.value, fields),
    notices: noticesOf(principal, fields),
    notCarried: unknown.map((name) => `${name} is no field of such an entry: it has no effect there either.`),
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
  // The schema judges all three.
  const checked = parseInput(mappingInput.entries.principal, {
    permissionSet: partition === '' ? permissionSet : { ...permissionSet, partition },
  });
  return checked.ok ? principalOf(checked.value) : checked.errors.map(({ message }) => message).join(' ');
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

/** Without what the schema fills in by itself, so that the file stays short. */
function asWritten(mapping: MappingState, fields: ReadonlyMap<string, unknown>): MappingState {
  const { instanceProfiles: _default, ...rest } = mapping;
  return fields.has('instanceprofiles') ? mapping : rest;
}

function noticesOf(principal: Principal, fields: ReadonlyMap<string, unknown>): readonly string[] {
  const notices: string[] = [];
  const parsed = principal.arn === undefined ? undefined : parsePrincipalArn(principal.arn);
  if (parsed?.kind === 'role' && parsed.path !== '/') {
    notices.push(
      `${principal.arn} has a path, so it lets nobody in where it comes from; here it is matched as ${parsed.canonicalArn}, and does.`,
    );
  }
  if (fields.get('userid') !== undefined && fields.get('userid') !== '') {
    notices.push('userid becomes a pin: only the principal of that unique id is let in.');
  }
  if (fields.get('groups') === undefined)
    notices.push('There are no groups: the user has those of system:authenticated alone.');
  return notices;
}
