/**
 * Reads the AWS CLI's shared files, as far as a region and static keys need it. Profiles of any other kind (SSO, roles,
 * processes) are left to the SDK, since loading it costs several times what a token costs.
 */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Section = ReadonlyMap<string, string>;

export interface SharedFiles {
  readonly config: string;
  readonly credentials: string;
}

/** The paths of the two files: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/`. */
export function sharedFiles(env: NodeJS.ProcessEnv): SharedFiles {
  const directory = join(homedir(), '.aws');
  return {
    config: env['AWS_CONFIG_FILE'] || join(directory, 'config'),
    credentials: env['AWS_SHARED_CREDENTIALS_FILE'] || join(directory, 'credentials'),
  };
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

function readSections(file: string): ReadonlyMap<string, Section> {
  try {
    return parseSharedFile(readFileSync(file, 'utf8'));
  } catch {
    return new Map();
  }
}

/** The settings of a profile in both files; `undefined` for a file that does not have it or cannot be read. */
export function readProfile(
  env: NodeJS.ProcessEnv,
  name = profileName(env),
): { readonly credentials: Section | undefined; readonly config: Section | undefined } {
  const files = sharedFiles(env);
  const config = readSections(files.config);
  return {
    credentials: readSections(files.credentials).get(name),
    config: config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined),
  };
}

/** A text that changes whenever one of the two files changes. */
export function sharedFilesStamp(env: NodeJS.ProcessEnv): string {
  const { config, credentials } = sharedFiles(env);
  return [config, credentials]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? `${file} -` : `${file} ${stat.size} ${stat.mtimeMs}`;
    })
    .join('\n');
}
