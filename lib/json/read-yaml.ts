/**
 * Reads YAML (and so JSON) files that people write, with the line of every value. Numbers stay text: an account id such
 * as 012345678901 keeps its zero, quoted or not. Writing YAML is in `write-yaml.ts`.
 */
import { LineCounter, isMap, isNode, isScalar, parseAllDocuments } from 'yaml';
import type { Document, Tags } from 'yaml';
import { ok } from '../errors.ts';
import type { Result } from '../errors.ts';
import type { FileNote } from './file-note.ts';
import type { ValuePath } from './value-path.ts';

export interface YamlDocument {
  readonly value: unknown;
  /** The line of the value at a path, or of the nearest enclosing value that exists. */
  readonly lineOf: (path: ValuePath) => number;
  /** For text inside the document, such as a ConfigMap's value: the line on which that text begins. */
  readonly textLineOf: (path: ValuePath) => number;
}

const isNumberTag = (tag: Tags[number]): boolean =>
  typeof tag === 'object' && (tag.tag === 'tag:yaml.org,2002:int' || tag.tag === 'tag:yaml.org,2002:float');

/**
 * Every document of a text that is not empty, or every problem.
 * @param firstLine the line of the file on which the text begins
 */
export function parseYaml(text: string, firstLine = 1): Result<readonly YamlDocument[], readonly FileNote[]> {
  const lines = new LineCounter();
  const lineAt = (offset: number | undefined): number =>
    firstLine - 1 + Math.max(1, lines.linePos(offset ?? 0).line);
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    // As names of one JavaScript object: `true` and "true" are one.
    uniqueKeys: (a, b) => keyText(a) === keyText(b),
    customTags: (tags) => tags.filter((tag) => !isNumberTag(tag)),
  });
  const problems = parsed
    .flatMap((document) => document.errors)
    .map((error) => ({
      line: lineAt(error.pos[0]),
      path: '',
      message:
        error.code === 'DUPLICATE_KEY'
          ? `${nameAt(text, error.pos[0])} is written twice: keep one of the two.`
          : `This is not YAML: ${error.message}.`,
    }));
  if (problems.length > 0) return { ok: false, failure: problems };
  const documents: YamlDocument[] = [];
  for (const document of parsed) {
    const value = valueOf(document);
    if (!value.ok) return { ok: false, failure: [{ line: firstLine, path: '', message: value.failure }] };
    if (value.value === null) continue;
    documents.push({
      value: value.value,
      lineOf: (path) => lineAt(offsetOf(document, path)),
      textLineOf: (path) => lineAt(valueOffset(document, path)) + (isBlock(document, path) ? 1 : 0),
    });
  }
  return ok(documents);
}

const keyText = (key: unknown): string => String(isScalar(key) ? (key.value ?? '') : key);

/** The name of a field, as it is written at an offset; shortened if it is very long. */
const nameAt = (text: string, offset: number): string =>
  text.slice(offset, offset + 81).replace(/^(?:"([^"\n]*)|'([^'\n]*)|([^\s:,}]*)).*$/s, '$1$2$3') || 'A name';

/** The value of a document, or the error message: `toJS` throws on aliases that multiply ("billion laughs"). */
function valueOf(document: Document): Result<unknown, string> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return ok(value ?? null);
  } catch {
    return { ok: false, failure: 'The document has unresolved or too many aliases.' };
  }
}

/** The offset of a value; of a field of an object, the offset of its name. */
function offsetOf(document: Document, path: ValuePath): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const around: unknown = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && key.value === path[length - 1])
      : undefined;
    const offset = startOf(pair?.key) ?? valueOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return startOf(document.contents);
}

const valueOffset = (document: Document, path: ValuePath): number | undefined =>
  startOf(document.getIn(path, true));

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

function isBlock(document: Document, path: ValuePath): boolean {
  const node: unknown = document.getIn(path, true);
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}
