/** Reads a configuration of aws-iam-authenticator: bare, or inside its ConfigMap, in a file of one or more documents. */
import { importEntries } from './import-entries.ts';
import type { EntryList, ImportResult } from './import-entries.ts';
import { isRecord } from '../json/record.ts';
import { itemsOf, listNames } from './import-aws-auth.ts';
import type { ImportOptions, Located } from './import-aws-auth.ts';
import { parseYaml } from '../json/read-yaml.ts';
import type { FileNote, YamlDocument } from '../json/read-yaml.ts';

/** What each setting of the server becomes here; by lower-case name. */
const settings: Readonly<Record<string, string>> = {
  scrubbedaccounts: 'set COUNTERSIGN_SCRUBBED_ACCOUNTS in the deployment',
  ec2describeinstancesrolearn: 'set COUNTERSIGN_EC2_READER_ROLE_ARN in the deployment',
  partition: "set the cluster's partition, if it is not aws",
  backendmode: 'there is one source of mappings here, the table',
  reservedprefixconfig: 'system: names are reserved here for every mapping',
  dynamicfilepath: 'there is one source of mappings here, the table',
  dynamicfileuseridstrict: 'pin mappings by principalId',
  dynamicbackendmodepath: 'there is one source of mappings here, the table',
  sourcearn: 'there is no such setting here',
};

/** Settings of a server that is not needed any more: where it listens, and what it keeps where. */
const moot: ReadonlySet<string> = new Set([
  'port',
  'hostname',
  'address',
  'statedir',
  'generatekubeconfig',
  'kubeconfigpregenerated',
  'kubeconfig',
  'master',
  'ec2describeinstancesqps',
  'ec2describeinstancesburst',
]);

interface Config {
  readonly document: YamlDocument;
  readonly value: Readonly<Record<string, unknown>>;
}

/** @returns also the file's `clusterID`, which the cluster's id must be for its tokens to stay valid */
export function importAuthenticator(
  text: string,
  { scope }: ImportOptions,
): ImportResult & { readonly clusterId?: string | undefined } {
  const parsed = parseYaml(text);
  if (!parsed.ok) return parsed;
  const problems: FileNote[] = [];
  const configs = parsed.documents.flatMap(itemsOf).flatMap((item) => configOf(item, problems) ?? []);
  if (problems.length > 0) return { ok: false, problems };
  const [config] = configs;
  if (config === undefined || configs.length > 1) {
    const message = `The file holds ${configs.length} configurations of aws-iam-authenticator; it must hold one.`;
    return { ok: false, problems: [{ line: 1, path: '', message }] };
  }
  return readConfig(config, scope);
}

/** Keys without case, as the authenticator reads them. */
function field(
  value: Readonly<Record<string, unknown>>,
  name: string,
): { readonly key: string; readonly value: unknown } | undefined {
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : { key, value: value[key] };
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
    problems.push(...inner.problems.map((problem) => ({ ...problem, path: key })));
    return undefined;
  }
  const [config] = inner.documents;
  return config !== undefined && isRecord(config.value) && isConfig(config.value)
    ? { document: config, value: config.value }
    : undefined;
}

/** The lists of entries under `server`, and what is not a list though it should be. */
function readLists(
  document: YamlDocument,
  serverKey: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly lists: readonly EntryList[]; readonly problems: FileNote[] } {
  const problems: FileNote[] = [];
  const lists = listNames.flatMap((name): EntryList[] => {
    const found = field(fields, name);
    if (found === undefined || found.value === null) return [];
    const place = [serverKey, found.key];
    if (!Array.isArray(found.value)) {
      problems.push({
        line: document.lineOf(place),
        path: found.key,
        message: `${found.key} must be a list: check the dashes and the indentation.`,
      });
      return [];
    }
    return [{ name, entries: found.value, lineOf: (path) => document.lineOf([...place, ...path]) }];
  });
  return { lists, problems };
}

function readConfig(
  { document, value }: Config,
  scope: ImportOptions['scope'],
): ImportResult & { readonly clusterId?: string | undefined } {
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
  if (problems.length > 0) return { ok: false, problems };
  const imported = importEntries(lists, scope);
  const notCarried = [
    ...imported.notCarried,
    ...misplaced(document, value),
    ...otherSettings(document, server?.key, fields),
  ];
  return {
    ok: true,
    imported: { ...imported, notCarried: notCarried.toSorted((a, b) => a.line - b.line) },
    clusterId: typeof clusterId === 'string' ? clusterId : undefined,
  };
}

/** Lists beside `server` instead of in it, for want of indentation: the authenticator reads none of them. */
const misplaced = (document: YamlDocument, value: Readonly<Record<string, unknown>>): readonly FileNote[] =>
  listNames.flatMap((name) => {
    const found = field(value, name);
    return found === undefined
      ? []
      : [
          {
            line: document.lineOf([found.key]),
            path: found.key,
            message: `${found.key} stands beside server, where the authenticator does not read it: indent it to import it.`,
          },
        ];
  });

function otherSettings(
  document: YamlDocument,
  serverKey: string | undefined,
  fields: Readonly<Record<string, unknown>>,
): readonly FileNote[] {
  const isList = (key: string): boolean => listNames.some((name) => name.toLowerCase() === key.toLowerCase());
  return Object.keys(fields)
    .filter((key) => !isList(key) && !moot.has(key.toLowerCase()))
    .map((key) => ({
      line: document.lineOf([serverKey ?? 'server', key]),
      path: `server.${key}`,
      message: `${key} is a setting of the server: ${settings[key.toLowerCase()] ?? 'it is not known here'}.`,
    }));
}
