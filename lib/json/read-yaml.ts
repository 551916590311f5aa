/**
 * YAML (and so JSON) from a person's file, with the line of every value. Numbers stay text: an account id such
 * as 012345678901 keeps its zero, quoted or not.
 */
import { LineCounter, isMap, isNode, isScalar, parseAllDocuments } from 'yaml';
import type { Document, Tags } from 'yaml';
import type { ValuePath } from './value-path.ts';

/** Something that is wrong, or worth knowing, at a place in a file. Lines count from 1. */
export interface FileNote {
  readonly line: number;
  /** Such as `mapRoles[3].groups`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
}

export interface YamlDocument {
  readonly value: unknown;
  /** The line of the value at a path, or of the nearest value around it that exists. */
  readonly lineOf: (path: ValuePath) => number;
  /** For text inside the document, such as a ConfigMap's value: the line on which that text begins. */
  readonly textLineOf: (path: ValuePath) => number;
}

export type YamlResult =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly problems: readonly FileNote[] };

const isNumberTag = (tag: Tags[number]): boolean =>
  typeof tag === 'object' && (tag.tag === 'tag:yaml.org,2002:int' || tag.tag === 'tag:yaml.org,2002:float');

/** Every document of a text; empty ones are left out. `firstLine` is where the text stands in its file. */
export function parseYaml(text: string, firstLine = 1): YamlResult {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => firstLine - 1 + Math.max(1, lines.linePos(offset).line);
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => !isNumberTag(tag)),
  });
  if (!Array.isArray(parsed)) return { ok: true, documents: [] };
  const problems = parsed
    .flatMap((document) => document.errors)
    .map((error) => ({
      line: lineAt(error.pos[0]),
      path: '',
      message: `This is not YAML: ${error.message}.`,
    }));
  if (problems.length > 0) return { ok: false, problems };
  const documents: YamlDocument[] = [];
  for (const document of parsed) {
    const value = valueOf(document);
    if (!value.ok) return { ok: false, problems: [{ line: firstLine, path: '', message: value.message }] };
    if (value.value === null) continue;
    documents.push({
      value: value.value,
      lineOf: (path) => lineAt(offsetOf(document, path)),
      textLineOf: (path) => lineAt(valueOffset(document, path) ?? 0) + (isBlock(document, path) ? 1 : 0),
    });
  }
  return { ok: true, documents };
}

/** Aliases that multiply ("billion laughs") make `toJS` throw. */
function valueOf(document: Document): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, value: value ?? null };
  } catch {
    return { ok: false, message: 'The document has unresolved or too many aliases.' };
  }
}

/** Where a value stands; a field of an object stands where its name does. */
function offsetOf(document: Document, path: ValuePath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const around: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])
      : undefined;
    const offset = startOf(pair?.key) ?? valueOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return startOf(document.contents) ?? 0;
}

const valueOffset = (document: Document, path: ValuePath): number | undefined =>
  startOf(document.getIn(path, true));

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

function isBlock(document: Document, path: ValuePath): boolean {
  const node: unknown = document.getIn(path, true);
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}
