/**
 * Merges one login into the text of a kubeconfig. Values, comments and the order of entries stay; quotes and
 * indentation may become those of kubectl, which rewrites the whole file on every change of its own.
 */
import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isNode, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import { wrongUsage } from '../exit.ts';
import { at, isJsonObject, textAt } from '../json.ts';
import { execClients } from './entry.ts';
import type { Entries, Named } from './entry.ts';

export interface Merged {
  readonly text: string;
  /** Replaced entries that had the same name and were for something else: "user prod". */
  readonly replaced: readonly string[];
}

/** One value to set, by its path in the document. */
interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Each list of a kubeconfig, and the field that an entry of it holds beside its name. */
const fields = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;
type Kind = keyof typeof fields;
const kinds = ['clusters', 'users', 'contexts'] as const satisfies readonly Kind[];

/**
 * kubectl reads YAML 1.1, in which `no` and `0123` are not strings: values of that kind are read as kubectl reads them,
 * and a cluster named `no` is quoted. Large integers keep all their digits.
 */
const yamlOptions = { schema: 'yaml-1.1', intAsBigInt: true } as const;

const commandOf = (user: unknown): string | undefined =>
  textAt(user, 'user.exec.command')
    ?.replace(/^.*[/\\]/, '')
    .replace(/\.exe$/, '');

/** Whether an entry is for another server, or logs in by another client than those that we write. */
const isForeign: Readonly<Record<Kind, (before: unknown, after: Named) => boolean>> = {
  clusters: (before, after) => textAt(before, 'cluster.server') !== textAt(after, 'cluster.server'),
  users: (before) => !execClients.some((client) => client === commandOf(before)),
  contexts: (before, after) => textAt(before, 'context.cluster') !== textAt(after, 'context.cluster'),
};

/**
 * The edits that turn `before` into `after`. A cluster or context keeps the fields that we do not write, such as a
 * namespace or a proxy; a user is replaced as a whole, so that no field of another way to log in is left.
 */
function entryEdits(kind: Kind, index: number, before: unknown, after: Named): readonly Edit[] {
  const field = fields[kind];
  const [old, own] = [at(before, field), after[field]];
  if (isDeepStrictEqual(old, own)) return [];
  if (kind === 'users' || !isJsonObject(old) || !isJsonObject(own)) {
    return [{ path: [kind, index, field], value: own }];
  }
  return Object.entries(own)
    .filter(([key, value]) => !isDeepStrictEqual(old[key], value))
    .map(([key, value]) => ({ path: [kind, index, field, key], value }));
}

const indexOfEntry = (list: readonly unknown[], { name }: Named): number =>
  list.findIndex((entry) => textAt(entry, 'name') === name);

function listEdits(kind: Kind, list: readonly unknown[], entry: Named): readonly Edit[] {
  const index = indexOfEntry(list, entry);
  if (index !== -1) return entryEdits(kind, index, list[index], entry);
  return [list.length === 0 ? { path: [kind], value: [entry] } : { path: [kind, list.length], value: entry }];
}

/** @throws CliFailure (exit 2) if the list is something else than a list, which an edit would overwrite */
function listIn(value: unknown, kind: Kind): readonly unknown[] {
  const list = at(value, kind) ?? [];
  if (Array.isArray(list)) return list;
  throw wrongUsage(
    `"${kind}" of the kubeconfig is not a list: fix it, or name another file with --kubeconfig.`,
  );
}

/** Replaces each alias by a copy of its value: an edit of an anchored value would otherwise change all its aliases. */
function expandAliases(document: Document): void {
  visit(document, { Alias: (_, alias) => document.createNode(alias.toJS(document)) });
}

function applyEdit(document: Document, { path, value }: Edit): void {
  const node = document.createNode(value);
  const before: unknown = document.getIn(path, true);
  if (isNode(before) && before.comment) node.comment = before.comment;
  if (isNode(before) && before.commentBefore) node.commentBefore = before.commentBefore;
  document.setIn(path, node);
}

function applyEdits(document: Document, edits: readonly Edit[]): void {
  const changesEntry = edits.some(({ path }) => path.length > 2);
  if (changesEntry || kinds.some((kind) => isAlias(document.get(kind, true)))) expandAliases(document);
  for (const edit of edits) applyEdit(document, edit);
}

/** The document and its value. @throws CliFailure (exit 2) if the text is not one YAML object, or an alias has no anchor */
function parseKubeconfig(text: string): { readonly document: Document; readonly value: unknown } {
  const refusal = 'The kubeconfig is not one YAML object: fix it, or name another file with --kubeconfig.';
  const document = parseDocument(text, yamlOptions);
  if (document.errors.length > 0 || !isMap(document.contents)) throw wrongUsage(refusal);
  try {
    const value: unknown = document.toJS();
    return { document, value };
  } catch (error) {
    throw wrongUsage(refusal, error);
  }
}

/** The text with its edits, and with its own line ends; the same text if there are no edits. */
function edited(document: Document, before: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return before;
  applyEdits(document, edits);
  const text = document.toString({ lineWidth: 0, indentSeq: false });
  return before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

/**
 * @param text the file; `undefined` if it does not exist yet
 * @param wantsCurrent makes the entries' context the current one, also if the file has another
 * @throws CliFailure (exit 2) if the text is not a kubeconfig
 */
export function mergeKubeconfig(text: string | undefined, entries: Entries, wantsCurrent: boolean): Merged {
  const before = text === undefined || text.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : text;
  const { document, value } = parseKubeconfig(before);
  const lists = kinds.map((kind) => ({ kind, list: listIn(value, kind), entry: entries[kind] }));
  const edits = lists.flatMap(({ kind, list, entry }) => listEdits(kind, list, entry));
  const [current, name] = [at(value, 'current-context'), entries.contexts.name];
  if (!current || (wantsCurrent && current !== name)) edits.push({ path: ['current-context'], value: name });
  const replaced = lists.filter(({ kind, list, entry }) => {
    const known = list[indexOfEntry(list, entry)];
    return known !== undefined && isForeign[kind](known, entry);
  });
  return {
    text: edited(document, before, edits),
    replaced: replaced.map(({ kind, entry }) => `${fields[kind]} ${entry.name}`),
  };
}
