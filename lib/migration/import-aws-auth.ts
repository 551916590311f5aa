/** Reads an EKS `aws-auth` ConfigMap, whose lists are YAML inside of text. */
import { ok } from '../errors.ts';
import { isRecord } from '../json/record.ts';
import { parseYaml } from '../json/read-yaml.ts';
import type { FileNote } from '../json/file-note.ts';
import type { Scope } from '../records/scope.ts';
import { importEntries, listNames } from './import-entries.ts';
import type { EntryList, ImportResult } from './import-entries.ts';
import { objectsOf } from './objects.ts';
import type { Located } from './objects.ts';

/**
 * Imports the one ConfigMap of a file, which may hold other documents, as kubectl prints it or as guides show it.
 * @param scope the scope of every mapping
 */
export function importAwsAuth(text: string, scope: Scope): ImportResult {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const maps = parsed.value.flatMap(objectsOf).filter(isAwsAuth);
  const [map] = maps;
  if (map === undefined || maps.length > 1) {
    return {
      ok: false,
      failure: [
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
  if (problems.length > 0) return { ok: false, failure: problems };
  const imported = importEntries(lists, scope);
  const notCarried = [...imported.notCarried, ...otherKeys(map)];
  return ok({ ...imported, notCarried });
}

/** Case-insensitive: `maproles` is a typo that EKS rejects, but its meaning is clear. */
const sameKey = (key: string, name: string): boolean => key.toLowerCase() === name.toLowerCase();

const isListKey = (key: string): boolean => listNames.some((name) => sameKey(key, name));

/** With or without `kind`: some guides show only `data`. */
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
  const listPath = [...at, 'data', key];
  const fail = (message: string): undefined =>
    void problems.push({ line: document.lineOf(listPath), path: key, message });
  if (keys.length > 1) return fail(`${keys.join(' and ')} are the same key: keep one.`);
  const text = data[key];
  // A ConfigMap cannot hold the list itself, but people write it, and its meaning is clear.
  if (Array.isArray(text)) {
    return { name, entries: text, lineOf: (path) => document.lineOf([...listPath, ...path]) };
  }
  if (typeof text !== 'string') {
    return fail(
      `${key} must be text that holds a YAML list: begin it with a | and indent the lines that follow.`,
    );
  }
  return readText(name, text, document.textLineOf(listPath), problems);
}

function readText(
  name: EntryList['name'],
  text: string,
  line: number,
  problems: FileNote[],
): EntryList | undefined {
  const inner = parseYaml(text, line);
  if (!inner.ok) {
    problems.push(...inner.failure.map((problem) => ({ ...problem, path: name })));
    return undefined;
  }
  const [document] = inner.value;
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
      message: `${key} is not a key of aws-auth: EKS ignores it too.`,
    }));
