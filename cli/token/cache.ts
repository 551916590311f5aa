/**
 * The cache of tokens on disk. An MFA code is asked for and a role is assumed once per token, and the apiserver, which
 * caches by token, gets the same one from many kubectl calls. One file per key, mode 0600, written atomically: a
 * concurrent call reads the old token or the new one.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../lib/errors.ts';
import type { Identity } from '../aws/identity.ts';
import { writeFileAtomically } from '../atomic-file.ts';

export interface CachedToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** A token with less time left is replaced, so that a long request does not outlive its token. */
const minimumLeftMs = 120_000;

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

const fileOf = (directory: string, key: CacheKey): string =>
  join(directory, `token-${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.json`);

/** A file that other users can read is not trusted; on Windows the user's own folder protects it. */
const isPrivate = (file: string): boolean =>
  process.platform === 'win32' || (statSync(file).mode & 0o077) === 0;

function parseCached(text: string): CachedToken | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('token' in value) || !('expiresAt' in value))
    return undefined;
  const { token, expiresAt } = value;
  return typeof token === 'string' && typeof expiresAt === 'number' ? { token, expiresAt } : undefined;
}

/** The token under this key if it has time left; `undefined` also if the cache is missing, corrupt or unreadable. */
export function readCachedToken(directory: string, key: CacheKey, now: Instant): CachedToken | undefined {
  try {
    const file = fileOf(directory, key);
    const cached = isPrivate(file) ? parseCached(readFileSync(file, 'utf8')) : undefined;
    return cached !== undefined && cached.expiresAt - now > minimumLeftMs ? cached : undefined;
  } catch {
    return undefined;
  }
}

/** No token lives this long: an older file is deleted. */
const staleAfterMs = 3_600_000;

function removeStale(directory: string, now: Instant): void {
  for (const name of readdirSync(directory)) {
    if (!/^token-.*\.(json|part)$/.test(name)) continue;
    const file = join(directory, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && now - stat.mtimeMs > staleAfterMs) rmSync(file, { force: true });
  }
}

/** Caches a token. `false` if it cannot be written, which must not fail the command: `countersign doctor` reports why. */
export function writeCachedToken(
  directory: string,
  key: CacheKey,
  cached: CachedToken,
  now: Instant,
): boolean {
  const file = fileOf(directory, key);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    removeStale(directory, now);
    writeFileAtomically(file, JSON.stringify(cached), 0o600);
    return true;
  } catch {
    return false;
  }
}
