import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../token/cache.ts';
import { flawOfCache, flawOfFolder, remedyOf } from '../../token/trust.ts';
import type { Context } from '../../spec.ts';
import { broken, fine } from './finding.ts';
import type { Finding } from './finding.ts';
import { shellWord } from '../../../lib/shell-word.ts';

const check = 'cache';

function probe(directory: string): void {
  mkdirSync(resolve(directory), { recursive: true, mode: 0o700 });
  readdirSync(directory);
  const file = join(directory, `probe-${randomUUID()}.part`);
  writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
  rmSync(file);
}

/** Checks that tokens can be cached, and that no other user can read, write or replace them. */
export function checkCache({ env }: Pick<Context, 'env'>): Finding {
  const directory = cacheDirectory(env);
  try {
    const folder = flawOfFolder(directory);
    // Nothing is written to an untrusted folder.
    if (folder === undefined) probe(directory);
    const flaw = folder ?? flawOfCache(directory);
    return flaw === undefined
      ? fine(check, `tokens are cached in ${directory}`)
      : broken(check, `no token is cached, because ${flaw.path} ${flaw.why}`, remedyOf(flaw, directory, env));
  } catch {
    return broken(
      check,
      `${directory} cannot be read and written, so every kubectl call creates a new token`,
      `rm -r ${shellWord(directory)}, or set COUNTERSIGN_CACHE_DIR to a folder that you own`,
    );
  }
}
