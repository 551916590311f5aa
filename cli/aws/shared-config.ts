/**
 * The AWS CLI's shared files, as far as a region and static keys need them. Everything else in them (SSO, roles,
 * processes) is left to the SDK, whose loading costs several times what a token costs.
 */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Section = ReadonlyMap<string, string>;

export interface SharedFiles {
  readonly config: string;
  readonly credentials: string;
}

/** Where the two files are: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/`. */
export function sharedFiles(env: NodeJS.ProcessEnv): SharedFiles {
  const directory = join(homedir(), '.aws');
  return {
    config: env['AWS_CONFIG_FILE'] || join(directory, 'config'),
    credentials: env['AWS_SHARED_CREDENTIALS_FILE'] || join(directory, 'credentials'),
  };
}

/** The profile that is asked for: `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, or `default`. */
export const profileName = (env: NodeJS.ProcessEnv): string =>
  env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || 'default';

/** Sections of an INI text by their name as written; indented lines (nested settings) are skipped. */
export function parseSharedFile(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.trim().replaceAll(/\s+/g, ' ');
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const setting = /^([A-Za-z0-9_.-]+)\s*=\s*(.*)$/.exec(line);
    const value = setting?.[2]?.replace(/\s[#;].*$/, '').trim();
    if (setting?.[1] !== undefined && value !== undefined) section?.set(setting[1].toLowerCase(), value);
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

/** The settings of a profile in both files, the credentials file first; `undefined` where neither has it. */
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

/** Changes whenever one of the two files does. */
export function sharedFilesStamp(env: NodeJS.ProcessEnv): string {
  const { config, credentials } = sharedFiles(env);
  return [config, credentials]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? `${file} -` : `${file} ${stat.size} ${stat.mtimeMs}`;
    })
    .join('\n');
}
