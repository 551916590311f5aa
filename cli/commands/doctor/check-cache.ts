import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../token/cache.ts';
import type { Context } from '../../spec.ts';
import { broken, fine } from './finding.ts';
import type { Finding } from './finding.ts';
import { shellWord } from '../../../lib/shell-word.ts';

const check = 'cache';

function probe(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  readdirSync(directory);
  const file = join(directory, `probe-${randomUUID()}.part`);
  writeFileSync(file, '', { mode: 0o600 });
  rmSync(file);
}

const isOpen = (directory: string, name: string): boolean =>
  (statSync(join(directory, name)).mode & 0o077) !== 0;

/** Checks that tokens can be cached, and that no other user can read them. */
export function checkCache({ env }: Pick<Context, 'env'>): Finding {
  const directory = cacheDirectory(env);
  try {
    probe(directory);
    if (process.platform !== 'win32') {
      const open = readdirSync(directory).find(
        (name) => name.startsWith('token-') && isOpen(directory, name),
      );
      if (open !== undefined) {
        return broken(
          check,
          `other users may read ${join(directory, open)}`,
          `rm -r ${shellWord(directory)}`,
        );
      }
    }
    return fine(check, `tokens are cached in ${directory}`);
  } catch {
    return broken(
      check,
      `${directory} cannot be read and written, so every kubectl call creates a new token`,
      `rm -r ${shellWord(directory)}, or set COUNTERSIGN_CACHE_DIR to a folder that you own`,
    );
  }
}
