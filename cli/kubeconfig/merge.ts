/** Puts entries into a kubeconfig's text, and leaves every other line of it as it is. */
import { isMap, isSeq, parseDocument } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import { wrongUsage } from '../exit.ts';
import { textAt } from '../json.ts';
import { execClients } from './entry.ts';
import type { Entries, Named } from './entry.ts';

export interface Merged {
  readonly text: string;
  /** Entries of the same name that were there and are for something else: "user prod". */
  readonly replaced: readonly string[];
}

const kinds = ['clusters', 'users', 'contexts'] as const;

function findEntry(document: Document, kind: string, name: string): YAMLMap | undefined {
  const list: unknown = document.get(kind);
  if (!isSeq(list)) return undefined;
  return list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
}

const commandOf = (user: unknown): string | undefined =>
  textAt(user, 'user.exec.command')
    ?.replace(/^.*[/\\]/, '')
    .replace(/\.exe$/, '');

/** Another server, another way to log in: not what we would have written. */
const isForeign: Readonly<Record<(typeof kinds)[number], (before: unknown, after: Named) => boolean>> = {
  clusters: (before, after) => textAt(before, 'cluster.server') !== textAt(after, 'cluster.server'),
  users: (before) => !execClients.some((client) => client === commandOf(before)),
  contexts: (before, after) => textAt(before, 'context.cluster') !== textAt(after, 'context.cluster'),
};

function put(document: Document, kind: (typeof kinds)[number], entry: Named): string | undefined {
  const known = findEntry(document, kind, entry.name);
  if (known === undefined) {
    if (isSeq(document.get(kind))) document.addIn([kind], document.createNode(entry));
    else document.set(kind, document.createNode([entry]));
    return undefined;
  }
  const foreign = isForeign[kind](known.toJS(document), entry);
  for (const [key, value] of Object.entries(entry)) {
    if (key !== 'name') known.set(key, document.createNode(value));
  }
  return foreign ? `${kind.slice(0, -1)} ${entry.name}` : undefined;
}

/** `text` is `undefined` where there is no file yet. @throws CliFailure (exit 2) where it is no kubeconfig */
export function mergeKubeconfig(text: string | undefined, entries: Entries, makeCurrent: boolean): Merged {
  const document = parseDocument(
    text === undefined || text.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : text,
  );
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw wrongUsage('The kubeconfig is not one YAML object: mend it, or name another with --kubeconfig.');
  }
  const replaced = kinds
    .map((kind) => put(document, kind, entries[kind]))
    .filter((name) => name !== undefined);
  if (makeCurrent || !document.get('current-context')) document.set('current-context', entries.contexts.name);
  return { text: document.toString({ lineWidth: 0 }), replaced };
}
