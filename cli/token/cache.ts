/**
 * Tokens kept on disk for as long as they live, so that an MFA prompt or a role is asked for once, and so that the
 * apiserver, which caches by token, sees the same one from many kubectl calls. One file per key, mode 0600,
 * written whole and renamed: parallel calls see an old token or a new one, never half of one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../lib/errors.ts';

export interface CachedToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Tokens with less than this left are made anew, so that a long request does not outlive its token. */
const freshForMs = 120_000;

/** `COUNTERSIGN_CACHE_DIR`, or the platform's folder for caches. */
export function cacheDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['COUNTERSIGN_CACHE_DIR']) return env['COUNTERSIGN_CACHE_DIR'];
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'countersign', 'cache');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'countersign');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'countersign');
}

/** Holds everything that the token depends on, and no secret: cluster, profile, role, access key id, … */
export type CacheKey = Readonly<Record<string, string | undefined>>;

const fileOf = (directory: string, key: CacheKey): string =>
  join(directory, `token-${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.json`);

/** Files that others can read are not trusted; on Windows the folder of the user protects them. */
const isPrivate = (file: string): boolean =>
  process.platform === 'win32' || (statSync(file).mode & 0o077) === 0;

function parseCached(text: string): CachedToken | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('token' in value) || !('expiresAt' in value))
    return undefined;
  const { token, expiresAt } = value;
  return typeof token === 'string' && typeof expiresAt === 'number' ? { token, expiresAt } : undefined;
}

/** The token under this key if it has some time left. Whatever is wrong with the cache, the answer is no token. */
export function readCachedToken(directory: string, key: CacheKey, now: Instant): CachedToken | undefined {
  try {
    const file = fileOf(directory, key);
    const cached = isPrivate(file) ? parseCached(readFileSync(file, 'utf8')) : undefined;
    return cached !== undefined && cached.expiresAt - now > freshForMs ? cached : undefined;
  } catch {
    return undefined;
  }
}

/** No token lives this long, so neither does a file of the cache. */
const staleAfterMs = 3_600_000;

function removeStale(directory: string, now: Instant): void {
  for (const name of readdirSync(directory)) {
    if (!/^token-.*\.(json|part)$/.test(name)) continue;
    const file = join(directory, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && now - stat.mtimeMs > staleAfterMs) rmSync(file, { force: true });
  }
}

/** Keeps a token. `false` where it could not be kept, which is no reason to fail: `doctor` says why. */
export function writeCachedToken(
  directory: string,
  key: CacheKey,
  cached: CachedToken,
  now: Instant,
): boolean {
  const file = fileOf(directory, key);
  const part = `${file}.${randomUUID()}.part`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    removeStale(directory, now);
    writeFileSync(part, JSON.stringify(cached), { mode: 0o600 });
    renameSync(part, file);
    return true;
  } catch {
    return false;
  }
}
