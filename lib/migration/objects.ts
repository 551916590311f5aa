/** The Kubernetes objects of a file: its documents, and the items of each `List` as kubectl prints it. */
import { isRecord } from '../json/record.ts';
import type { YamlDocument } from '../json/read-yaml.ts';
import type { ValuePath } from '../json/value-path.ts';

/** An object, and where it is in the file. */
export interface Located {
  readonly document: YamlDocument;
  readonly at: ValuePath;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The object of a document, or the items of a `List`. */
export function objectsOf(document: YamlDocument): readonly Located[] {
  const { value } = document;
  if (!isRecord(value)) return [];
  const { kind, items } = value;
  if (kind !== 'List' || !Array.isArray(items)) return [{ document, at: [], value }];
  return items.flatMap((item: unknown, index) =>
    isRecord(item) ? [{ document, at: ['items', index], value: item }] : [],
  );
}
