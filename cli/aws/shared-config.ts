/**
 * Reads the AWS CLI's shared files, as far as a region and static keys need it. Profiles of any other kind (SSO, roles,
 * processes) are left to the SDK, since loading it costs several times what a token costs.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Section = ReadonlyMap<string, string>;

/** Of the config file and the credentials file. */
export interface SharedFiles {
  readonly config: string;
  readonly credentials: string;
}

/** The home folder by the search order of the SDK, which differs from Node.js's on Windows. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env['HOME']) return env['HOME'];
  if (env['USERPROFILE']) return env['USERPROFILE'];
  return env['HOMEPATH'] ? `${env['HOMEDRIVE'] ?? 'C:\\'}${env['HOMEPATH']}` : homedir();
}

/** The paths of the two files: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/`. */
export function sharedFiles(env: NodeJS.ProcessEnv): SharedFiles {
  const home = homeFolder(env);
  const path = (given: string | undefined, name: string): string => {
    if (!given) return join(home, '.aws', name);
    return given.startsWith('~/') ? join(home, given.slice(2)) : given;
  };
  return {
    config: path(env['AWS_CONFIG_FILE'], 'config'),
    credentials: path(env['AWS_SHARED_CREDENTIALS_FILE'], 'credentials'),
  };
}

/** The texts of the two files; a file that cannot be read is empty. */
export function readSharedFiles(env: NodeJS.ProcessEnv): SharedFiles {
  const { config, credentials } = sharedFiles(env);
  return { config: textOf(config), credentials: textOf(credentials) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The selected profile: `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, or `default`. */
export const profileName = (env: NodeJS.ProcessEnv): string =>
  env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || 'default';

/** `profile "a"` → `profile a` */
const sectionName = (header: string): string =>
  header
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/^(\S+) (["'])(.*)\2$/, '$1 $3');

/**
 * Sections of an INI text by name, their settings by lower-case name. Nested settings (indented, after a setting without
 * a value, such as `s3 =`) and settings without a value are skipped.
 */
export function parseSharedFile(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let isNested = false;
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/(?:^|\s)[#;].*$/, '').trim();
    const header = /^\[([^\]]*)\]/.exec(content)?.[1];
    if (header !== undefined) {
      const name = sectionName(header);
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      isNested = false;
      continue;
    }
    const [, name, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(content) ?? [];
    if (name === undefined || value === undefined) continue;
    isNested = value === '' || (isNested && /^\s/.test(line));
    if (!isNested) section?.set(name.toLowerCase(), value);
  }
  return sections;
}

/** The settings of a profile in both files; `undefined` for a file that does not have it or cannot be read. */
export function readProfile(
  env: NodeJS.ProcessEnv,
  name = profileName(env),
): { readonly credentials: Section | undefined; readonly config: Section | undefined } {
  const files = readSharedFiles(env);
  const config = parseSharedFile(files.config);
  return {
    credentials: parseSharedFile(files.credentials).get(name),
    config: config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined),
  };
}

/** All settings of a profile; those of the credentials file have priority, as in the SDK. */
export function profileSettings(env: NodeJS.ProcessEnv, name: string): Section {
  const { credentials, config } = readProfile(env, name);
  return new Map([...(config ?? []), ...(credentials ?? [])]);
}
