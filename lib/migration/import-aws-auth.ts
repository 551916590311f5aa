/** Reads an EKS `aws-auth` ConfigMap: its lists are YAML inside of text. */
import { isRecord } from '../json/record.ts';
import type { Scope } from '../records/scope.ts';
import { importEntries } from './import-entries.ts';
import type { EntryList, ImportResult } from './import-entries.ts';
import { parseYaml } from '../json/read-yaml.ts';
import type { FileNote, YamlDocument } from '../json/read-yaml.ts';
import type { ValuePath } from '../json/value-path.ts';

export interface ImportOptions {
  /** Of every mapping: `cluster/<id>`, `set/<name>` or `all`. */
  readonly scope: Scope;
}

export const listNames = ['mapRoles', 'mapUsers', 'mapAccounts'] as const;

/** A file of one or more documents, of which one is the ConfigMap: as kubectl prints it, or as guides show it. */
export function importAwsAuth(text: string, { scope }: ImportOptions): ImportResult {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const maps = parsed.documents.flatMap(itemsOf).filter(isAwsAuth);
  const [map] = maps;
  if (map === undefined || maps.length > 1) {
    return {
      ok: false,
      problems: [
        {
          line: 1,
          path: '',
          message: `The file holds ${maps.length} ConfigMaps with mapRoles, mapUsers or mapAccounts; it must hold one.`,
        },
      ],
    };
  }
  const problems: FileNote[] = [];
  const lists = listNames.flatMap((name) => readList(map, name, problems) ?? []);
  if (problems.length > 0) return { ok: false, problems };
  const imported = importEntries(lists, scope);
  const notCarried = [...imported.notCarried, ...otherKeys(map)];
  return { ok: true, imported: { ...imported, notCarried } };
}

/** A document, or an object inside a `List`. */
export interface Located {
  readonly document: YamlDocument;
  readonly at: ValuePath;
  readonly value: Readonly<Record<string, unknown>>;
}

export function itemsOf(document: YamlDocument): readonly Located[] {
  const { value } = document;
  if (!isRecord(value)) return [];
  const { kind, items } = value;
  if (kind !== 'List' || !Array.isArray(items)) return [{ document, at: [], value }];
  return items.flatMap((item: unknown, index) =>
    isRecord(item) ? [{ document, at: ['items', index], value: item }] : [],
  );
}

/** Without case: `maproles` is a typing error that EKS does not forgive, and that we need not repeat. */
const sameKey = (key: string, name: string): boolean => key.toLowerCase() === name.toLowerCase();

const isListKey = (key: string): boolean => listNames.some((name) => sameKey(key, name));

/** With or without `kind`, since some guides show `data` alone. */
const isAwsAuth = ({ value }: Located): boolean => {
  const { kind = 'ConfigMap', data } = value;
  return kind === 'ConfigMap' && isRecord(data) && Object.keys(data).some(isListKey);
};

function readList(
  { document, at, value }: Located,
  name: EntryList['name'],
  problems: FileNote[],
): EntryList | undefined {
  const data = isRecord(value['data']) ? value['data'] : {};
  const keys = Object.keys(data).filter((key) => sameKey(key, name));
  const [key] = keys;
  if (key === undefined) return undefined;
  const place = [...at, 'data', key];
  const fail = (message: string): undefined =>
    void problems.push({ line: document.lineOf(place), path: key, message });
  if (keys.length > 1) return fail(`${keys.join(' and ')} are the same key: keep one.`);
  const text = data[key];
  // Some write the list itself, which a ConfigMap cannot hold, but which says what was meant.
  if (Array.isArray(text)) {
    return { name, entries: text, lineOf: (path) => document.lineOf([...place, ...path]) };
  }
  if (typeof text !== 'string') {
    return fail(`${key} must be text that holds a YAML list: begin it with a | and indent what follows.`);
  }
  return readText(name, text, document.textLineOf(place), problems);
}

function readText(
  name: EntryList['name'],
  text: string,
  line: number,
  problems: FileNote[],
): EntryList | undefined {
  const inner = parseYaml(text, line);
  if (!inner.ok) {
    problems.push(...inner.problems.map((problem) => ({ ...problem, path: name })));
    return undefined;
  }
  const [document] = inner.documents;
  if (document === undefined) return { name, entries: [], lineOf: () => line };
  if (!Array.isArray(document.value)) {
    problems.push({
      line,
      path: name,
      message: `${name} must be a list: check the dashes and the indentation.`,
    });
    return undefined;
  }
  return { name, entries: document.value, lineOf: document.lineOf };
}

const otherKeys = ({ document, at, value }: Located): readonly FileNote[] =>
  Object.keys(isRecord(value['data']) ? value['data'] : {})
    .filter((key) => !isListKey(key))
    .map((key) => ({
      line: document.lineOf([...at, 'data', key]),
      path: key,
      message: `${key} is no key of aws-auth: it has no effect there either.`,
    }));
