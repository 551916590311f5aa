/** Reads a configuration of aws-iam-authenticator: plain, or inside its ConfigMap, in a file of one or more documents. */
import { ok } from '../errors.ts';
import { isRecord } from '../json/record.ts';
import { parseYaml } from '../json/read-yaml.ts';
import type { FileNote } from '../json/file-note.ts';
import type { YamlDocument } from '../json/read-yaml.ts';
import type { Scope } from '../records/scope.ts';
import { field, settingsNotCarried } from './authenticator-settings.ts';
import { importEntries, listNames } from './import-entries.ts';
import type { EntryList, Imported, ImportResult } from './import-entries.ts';
import { objectsOf } from './objects.ts';
import type { Located } from './objects.ts';

export interface ImportedConfig extends Imported {
  /** The `clusterID` of the file: tokens stay valid if the cluster keeps it. */
  readonly clusterId?: string | undefined;
}

interface Config {
  readonly document: YamlDocument;
  readonly value: Readonly<Record<string, unknown>>;
}

/** @param scope the scope of every mapping */
export function importAuthenticator(text: string, scope: Scope): ImportResult<ImportedConfig> {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const problems: FileNote[] = [];
  const configs = parsed.value.flatMap(objectsOf).flatMap((item) => configOf(item, problems) ?? []);
  if (problems.length > 0) return { ok: false, failure: problems };
  const [config] = configs;
  if (config === undefined || configs.length > 1) {
    const message = `The file holds ${configs.length} configurations of aws-iam-authenticator; it must hold one.`;
    return { ok: false, failure: [{ line: 1, path: '', message }] };
  }
  return readConfig(config, scope);
}

const isConfig = (value: Readonly<Record<string, unknown>>): boolean => {
  const server = field(value, 'server')?.value;
  return (
    field(value, 'clusterID') !== undefined || (isRecord(server) && field(server, 'mapRoles') !== undefined)
  );
};

/** `undefined` for other objects, such as the DaemonSet beside the ConfigMap. */
function configOf({ document, at, value }: Located, problems: FileNote[]): Config | undefined {
  if (value['kind'] === undefined) {
    return at.length === 0 && isConfig(value) ? { document, value } : undefined;
  }
  const data = value['kind'] === 'ConfigMap' && isRecord(value['data']) ? value['data'] : {};
  const key = Object.keys(data).find((name) => /^config\.ya?ml$/i.test(name));
  const text = key === undefined ? undefined : data[key];
  if (key === undefined || typeof text !== 'string') return undefined;
  const inner = parseYaml(text, document.textLineOf([...at, 'data', key]));
  if (!inner.ok) {
    problems.push(...inner.failure.map((problem) => ({ ...problem, path: key })));
    return undefined;
  }
  const [config] = inner.value;
  return config !== undefined && isRecord(config.value) && isConfig(config.value)
    ? { document: config, value: config.value }
    : undefined;
}

/** The lists of entries of `server`, and a problem for each field that should be a list. */
function readLists(
  document: YamlDocument,
  serverKey: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly lists: readonly EntryList[]; readonly problems: FileNote[] } {
  const problems: FileNote[] = [];
  const lists = listNames.flatMap((name): EntryList[] => {
    const found = field(fields, name);
    if (found === undefined || found.value === null) return [];
    const listPath = [serverKey, found.key];
    if (!Array.isArray(found.value)) {
      problems.push({
        line: document.lineOf(listPath),
        path: found.key,
        message: `${found.key} must be a list: check the dashes and the indentation.`,
      });
      return [];
    }
    return [{ name, entries: found.value, lineOf: (path) => document.lineOf([...listPath, ...path]) }];
  });
  return { lists, problems };
}

function readConfig({ document, value }: Config, scope: Scope): ImportResult<ImportedConfig> {
  const server = field(value, 'server');
  const clusterId = field(value, 'clusterID')?.value;
  const fields = isRecord(server?.value) ? server.value : {};
  const { lists, problems } = readLists(document, server?.key ?? 'server', fields);
  if (server !== undefined && server.value !== null && !isRecord(server.value)) {
    problems.push({
      line: document.lineOf([server.key]),
      path: server.key,
      message: 'server must hold settings: check the indentation.',
    });
  }
  if (problems.length > 0) return { ok: false, failure: problems };
  const imported = importEntries(lists, scope);
  const notCarried = [
    ...imported.notCarried,
    ...misplaced(document, value),
    ...settingsNotCarried(document, server?.key, fields),
  ];
  return ok({
    ...imported,
    notCarried: notCarried.toSorted((a, b) => a.line - b.line),
    clusterId: typeof clusterId === 'string' ? clusterId : undefined,
  });
}

/** Lists beside `server` instead of inside it, because of wrong indentation: the authenticator ignores them. */
const misplaced = (document: YamlDocument, value: Readonly<Record<string, unknown>>): readonly FileNote[] =>
  listNames.flatMap((name) => {
    const found = field(value, name);
    return found === undefined
      ? []
      : [
          {
            line: document.lineOf([found.key]),
            path: found.key,
            message: `${found.key} stands beside server, where the authenticator ignores it: indent it to import it.`,
          },
        ];
  });
