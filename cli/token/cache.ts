/**
 * The cache of tokens on disk. An MFA code is asked for and a role is assumed once per token, and the apiserver, which
 * caches by token, gets the same one from many kubectl calls. One file per key, mode 0600, written atomically: a
 * concurrent call reads the old token or the new one. What other users could have written is neither used nor replaced.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Instant } from '../../lib/errors.ts';
import type { Identity } from '../aws/identity.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { flawOfFolder, readTrusted, tokenFiles } from './trust.ts';
import type { Flaw } from './trust.ts';

export interface CachedToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** A token with less time left is replaced, so that a long request does not outlive its token. */
const minimumLeftMs = 120_000;
/** STS accepts no token longer: one that would last longer was cached before the clock was set back. */
const maximumLeftMs = 900_000;

/** `COUNTERSIGN_CACHE_DIR`, or the platform's folder for caches. */
export function cacheDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['COUNTERSIGN_CACHE_DIR']) return env['COUNTERSIGN_CACHE_DIR'];
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'countersign', 'cache');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'countersign');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'countersign');
}

/** All values that the token depends on, secrets as SHA-256: whose credentials, cluster, role, … */
export type CacheKey = Identity;

const digestOf = (key: CacheKey): string => createHash('sha256').update(JSON.stringify(key)).digest('hex');
const fileOf = (directory: string, digest: string): string => join(directory, `token-${digest}.json`);

interface Entry extends CachedToken {
  /** The SHA-256 of its key, as in the file's name: a renamed file is not used. */
  readonly key: string;
}

function parseEntry(text: string): Entry | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('token' in value) || !('expiresAt' in value) || !('key' in value)) return undefined;
  const { token, expiresAt, key } = value;
  return typeof token === 'string' && typeof expiresAt === 'number' && typeof key === 'string'
    ? { token, expiresAt, key }
    : undefined;
}

export type Lookup =
  | { readonly kind: 'found'; readonly cached: CachedToken }
  | { readonly kind: 'missing' }
  /** Others could have written the cache: nothing may be written there either. */
  | { readonly kind: 'untrusted'; readonly flaw: Flaw };

const missing: Lookup = { kind: 'missing' };

function lookUp(directory: string, digest: string, now: Instant): Lookup {
  const flaw = flawOfFolder(directory);
  if (flaw !== undefined) return { kind: 'untrusted', flaw };
  const read = readTrusted(fileOf(directory, digest));
  if ('why' in read) return { kind: 'untrusted', flaw: read };
  const entry = parseEntry(read.text);
  if (entry === undefined || entry.key !== digest) return missing;
  const leftMs = entry.expiresAt - now;
  if (!(leftMs > minimumLeftMs && leftMs <= maximumLeftMs)) return missing;
  return { kind: 'found', cached: { token: entry.token, expiresAt: entry.expiresAt } };
}

/** The token under this key if it has time left; `missing` also if the cache is corrupt or unreadable. */
export function readCachedToken(directory: string, key: CacheKey, now: Instant): Lookup {
  try {
    return lookUp(directory, digestOf(key), now);
  } catch {
    return missing;
  }
}

/** No token lives this long: an older file is deleted. */
const staleAfterMs = 3_600_000;

function removeStale(directory: string, now: Instant): void {
  for (const name of readdirSync(directory)) {
    if (!/^token-.*\.(json|part)$/.test(name)) continue;
    const file = join(directory, name);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && now - stat.mtimeMs > staleAfterMs) rmSync(file, { force: true });
  }
}

/** Caches a token. `false` if it cannot be written, which must not fail the command: `countersign doctor` reports why. */
export function writeCachedToken(
  directory: string,
  key: CacheKey,
  { token, expiresAt }: CachedToken,
  now: Instant,
): boolean {
  const digest = digestOf(key);
  try {
    mkdirSync(resolve(directory), { recursive: true, mode: 0o700 });
    if (flawOfFolder(directory) !== undefined) return false;
    removeStale(directory, now);
    const entry: Entry = { token, expiresAt, key: digest };
    writeFileAtomically(fileOf(directory, digest), JSON.stringify(entry), 0o600);
    return true;
  } catch {
    return false;
  }
}

function isTokenIn(file: string, token: string): boolean {
  try {
    const read = readTrusted(file);
    return 'text' in read && parseEntry(read.text)?.token === token;
  } catch {
    return false;
  }
}

/** Deletes what is cached under a key, or wherever a token is cached. A folder that others can write to is not touched. */
export function forgetCached(
  directory: string,
  what: { readonly key: CacheKey } | { readonly token: string },
): void {
  try {
    if (flawOfFolder(directory) !== undefined) return;
    const files =
      'key' in what
        ? [fileOf(directory, digestOf(what.key))]
        : tokenFiles(directory)
            .map((name) => join(directory, name))
            .filter((file) => isTokenIn(file, what.token));
    for (const file of files) rmSync(file, { force: true });
  } catch {
    // There is no cache, or it cannot be written: `countersign doctor` reports why.
  }
}
