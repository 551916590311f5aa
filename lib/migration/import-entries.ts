/**
 * Imports entries of mapRoles, mapUsers and mapAccounts, as EKS and aws-iam-authenticator know them, as mappings.
 * Nothing is dropped silently: an entry that cannot be imported is reported with its line and the reason.
 */
import type { Result } from '../errors.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import type { FileNote } from '../json/file-note.ts';
import { pathText } from '../json/value-path.ts';
import type { ValuePath } from '../json/value-path.ts';
import { mappingKeyOf } from '../records/principal.ts';
import type { Scope } from '../records/scope.ts';
import { principalOf, readAccount, readEntry } from './read-entry.ts';
import type { MappingState } from './read-entry.ts';

export const listNames = ['mapRoles', 'mapUsers', 'mapAccounts'] as const;

export interface Imported {
  /** For `plan` and `apply`: mappings only. */
  readonly state: { readonly mappings: readonly MappingState[] };
  /** Entries that changed their meaning, or are worth a look. */
  readonly notices: readonly FileNote[];
  /** Entries and settings that are not in the state, each with the reason. */
  readonly notCarried: readonly FileNote[];
}

/** The failure lists the problems because of which the file as a whole cannot be read. */
export type ImportResult<T = Imported> = Result<T, readonly FileNote[]>;

/** One list of a file, and the line of each of its values. */
export interface EntryList {
  readonly name: (typeof listNames)[number];
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
      const read = list.name === 'mapAccounts' ? readAccount(value) : readEntry(list.name, value, scope);
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
    key: mappingKeyOf(principalOf(principal)),
    hadPath: parsed?.kind === 'role' && parsed.path !== '/',
  };
}

/**
 * Of several entries of one ARN, aws-iam-authenticator uses the last, and never one with a role path. Here they would
 * be the same mapping: the entry that works there is imported, and the others are reported.
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
      entry.hadPath && !winner.hadPath ? 'has no path, so only that one works' : 'comes later, and wins';
    const message = `The same principal as ${winner.path} (line ${winner.line}), which ${why}: move its groups there if you want them.`;
    return [{ path: entry.path, line: entry.line, message }];
  });
  return { winners: [...byKey.values()], shadowed };
}
