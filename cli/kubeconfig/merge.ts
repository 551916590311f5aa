/**
 * Puts entries into a kubeconfig's text and leaves every other byte of it as it is. Lists in block style, as kubectl
 * and people write them, are edited in the text; a file in another style is written anew, comments kept.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Document, YAMLMap, YAMLSeq } from 'yaml';
import { wrongUsage } from '../exit.ts';
import { isJsonObject, textAt } from '../json.ts';
import { execClients } from './entry.ts';
import type { Entries, Named } from './entry.ts';

export interface Merged {
  readonly text: string;
  /** Entries of the same name that were there and are for something else: "user prod". */
  readonly replaced: readonly string[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const kinds = ['clusters', 'users', 'contexts'] as const;
type Kind = (typeof kinds)[number];

const commandOf = (user: unknown): string | undefined =>
  textAt(user, 'user.exec.command')
    ?.replace(/^.*[/\\]/, '')
    .replace(/\.exe$/, '');

/** Another server, another way to log in: not what we would have written. */
const isForeign: Readonly<Record<Kind, (before: unknown, after: Named) => boolean>> = {
  clusters: (before, after) => textAt(before, 'cluster.server') !== textAt(after, 'cluster.server'),
  users: (before) => !execClients.some((client) => client === commandOf(before)),
  contexts: (before, after) => textAt(before, 'context.cluster') !== textAt(after, 'context.cluster'),
};

/** A namespace, a proxy: what an entry had besides our fields stays. How its user logs in is ours as a whole. */
function merged(kind: Kind, before: unknown, after: Named): Named {
  const field = kind.slice(0, -1);
  const [old, own] = [isJsonObject(before) ? before[field] : undefined, after[field]];
  if (kind === 'users' || !isJsonObject(old) || !isJsonObject(own)) return after;
  return { ...after, [field]: { ...old, ...own } };
}

const indented = (value: unknown, column: number): string =>
  stringify(value, { lineWidth: 0 })
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(column)}`);

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** The start of the line after this offset; the end of the text where there is none. */
function nextLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

const isBlockOf = (list: unknown): list is YAMLSeq =>
  isSeq(list) && list.flow !== true && list.items.length > 0;

function findEntry(list: YAMLSeq, name: string): YAMLMap | undefined {
  return list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
}

/** `undefined` where the list is in a style that is not edited in the text. */
function editOf(document: Document, text: string, kind: Kind, entry: Named): Edit | undefined {
  if (!document.has(kind))
    return {
      start: text.length,
      end: text.length,
      text: stringify({ [kind]: [entry] }, { lineWidth: 0, indentSeq: false }),
    };
  const list: unknown = document.get(kind);
  const last: unknown = isBlockOf(list) ? list.items.at(-1) : undefined;
  if (!isBlockOf(list) || !list.range || !isMap(last) || !last.range) return undefined;
  const known = findEntry(list, entry.name);
  if (known === undefined) {
    const column = columnOf(text, list.range[0]);
    const at = nextLine(text, last.range[1]);
    return { start: at, end: at, text: `${' '.repeat(column)}${indented([entry], column)}\n` };
  }
  if (!known.range || known.flow === true) return undefined;
  const before: unknown = known.toJS(document);
  const after = merged(kind, before, entry);
  const [start, valueEnd] = known.range;
  const end = start + text.slice(start, valueEnd).trimEnd().length;
  return {
    start,
    end,
    text: isDeepStrictEqual(before, after) ? text.slice(start, end) : indented(after, columnOf(text, start)),
  };
}

function currentContextEdit(document: Document, text: string, name: string): Edit | undefined {
  if (!document.has('current-context'))
    return { start: text.length, end: text.length, text: stringify({ 'current-context': name }) };
  const node: unknown = document.get('current-context', true);
  if (!isScalar(node) || !node.range || node.range[0] === node.range[1]) return undefined;
  return { start: node.range[0], end: node.range[1], text: stringify(name).trimEnd() };
}

/** From the end to the start, so that no edit moves another; those at one place keep their order. */
const edited = (text: string, edits: readonly Edit[]): string =>
  edits
    .toReversed()
    .toSorted((a, b) => b.start - a.start)
    .reduce((whole, { start, end, text: piece }) => whole.slice(0, start) + piece + whole.slice(end), text);

/** For flow style and empty lists: the document is written anew. */
function rewritten(document: Document, entries: Entries, makeCurrent: boolean): string {
  for (const kind of kinds) {
    const entry = entries[kind];
    const list: unknown = document.get(kind);
    const known = isSeq(list) ? findEntry(list, entry.name) : undefined;
    if (known !== undefined) {
      for (const [key, value] of Object.entries(merged(kind, known.toJS(document), entry))) {
        known.set(key, document.createNode(value));
      }
    } else if (isSeq(list) && list.items.length > 0) document.addIn([kind], document.createNode(entry));
    else document.set(kind, document.createNode([entry]));
  }
  if (makeCurrent) document.set('current-context', entries.contexts.name);
  return document.toString({ lineWidth: 0, indentSeq: false });
}

/** `text` is `undefined` where there is no file yet. @throws CliFailure (exit 2) where it is no kubeconfig */
export function mergeKubeconfig(given: string | undefined, entries: Entries, wantsCurrent: boolean): Merged {
  const started = given === undefined || given.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : given;
  const text = started.endsWith('\n') ? started : `${started}\n`;
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw wrongUsage('The kubeconfig is not one YAML object: mend it, or name another with --kubeconfig.');
  }
  const replaced = kinds.filter((kind) => {
    const list: unknown = document.get(kind);
    const known = isSeq(list) ? findEntry(list, entries[kind].name) : undefined;
    return known !== undefined && isForeign[kind](known.toJS(document), entries[kind]);
  });
  const makeCurrent = wantsCurrent || !document.get('current-context');
  const edits = [
    ...kinds.map((kind) => editOf(document, text, kind, entries[kind])),
    ...(makeCurrent ? [currentContextEdit(document, text, entries.contexts.name)] : []),
  ];
  const usable = edits.filter((edit) => edit !== undefined);
  const isEditable = document.contents.flow !== true && usable.length === edits.length;
  return {
    text: isEditable ? edited(text, usable) : rewritten(document, entries, makeCurrent),
    replaced: replaced.map((kind) => `${kind.slice(0, -1)} ${entries[kind].name}`),
  };
}
