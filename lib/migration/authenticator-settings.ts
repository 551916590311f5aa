/** Settings of aws-iam-authenticator's server, and what replaces each of them. */
import type { FileNote } from '../json/file-note.ts';
import type { YamlDocument } from '../json/read-yaml.ts';
import { listNames } from './import-entries.ts';

/** By lower-case name. */
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

/** Settings that only concern the old server's own process: they need no replacement. */
const obsolete: ReadonlySet<string> = new Set([
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

/** A field by its name. Case-insensitive, as the authenticator reads it. */
export function field(
  value: Readonly<Record<string, unknown>>,
  name: string,
): { readonly key: string; readonly value: unknown } | undefined {
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : { key, value: value[key] };
}

/** The settings of `server` that are not lists of entries, each with what replaces it here. */
export function settingsNotCarried(
  document: YamlDocument,
  serverKey: string | undefined,
  fields: Readonly<Record<string, unknown>>,
): readonly FileNote[] {
  const isList = (key: string): boolean => listNames.some((name) => name.toLowerCase() === key.toLowerCase());
  return Object.keys(fields)
    .filter((key) => !isList(key) && !obsolete.has(key.toLowerCase()))
    .map((key) => ({
      line: document.lineOf([serverKey ?? 'server', key]),
      path: `server.${key}`,
      message: `${key} is a setting of the server: ${settings[key.toLowerCase()] ?? 'there is nothing like it here'}.`,
    }));
}
