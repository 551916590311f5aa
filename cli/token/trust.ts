/**
 * Whether the cache of tokens can be trusted: a token that another user has put there would log the user in as
 * another user. Only the user may own, write or replace what is read. Windows protects the user's own folder by its access
 * list, so only links are refused there.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { shellWord } from '../../lib/shell-word.ts';

/** Why a path of the cache is not trusted: "/tmp/x" "is a link". */
export interface Flaw {
  readonly path: string;
  readonly why: string;
}

/** The part of a file's status that decides. */
export type Status = Pick<Stats, 'isSymbolicLink' | 'isFile' | 'uid' | 'mode'>;

/** @param user `process.getuid()`; `undefined` on Windows, which has no owners and modes */
function whyOf(status: Status, user: number | undefined, forbidden: number, can: string): string | undefined {
  if (status.isSymbolicLink()) return 'is a link';
  if (user === undefined) return undefined;
  if (status.uid !== user) return `belongs to another user (uid ${status.uid})`;
  return (status.mode & forbidden) === 0 ? undefined : `${can} by other users`;
}

/** Other users may look into the folder, and neither add nor replace files. */
export const folderFlaw = (status: Status, user = process.getuid?.()): string | undefined =>
  whyOf(status, user, 0o022, 'can be written to');

/** Other users may not even read a token. */
export const fileFlaw = (status: Status, user = process.getuid?.()): string | undefined =>
  whyOf(status, user, 0o077, 'can be read or written') ?? (status.isFile() ? undefined : 'is not a file');

const statusOf = (path: string): Status | undefined => lstatSync(path, { throwIfNoEntry: false });

function flawIn(path: string, judge: (status: Status) => string | undefined): Flaw | undefined {
  const status = statusOf(path);
  const why = status && judge(status);
  return why === undefined ? undefined : { path, why };
}

/** `undefined` if the folder is fine or does not exist. @throws the error of node:fs if it cannot be looked at */
export const flawOfFolder = (directory: string): Flaw | undefined =>
  flawIn(resolve(directory), (status) => folderFlaw(status));

/** The names of the cached tokens. */
export const tokenFiles = (directory: string): readonly string[] =>
  readdirSync(directory).filter((name) => /^token-.*\.json$/.test(name));

/** The first flaw of the folder, or of the tokens in it. @throws the error of node:fs if it cannot be read */
export const flawOfCache = (directory: string): Flaw | undefined =>
  flawOfFolder(directory) ??
  tokenFiles(directory)
    .map((name) => flawIn(join(directory, name), (status) => fileFlaw(status)))
    .find((flaw) => flaw !== undefined);

const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The text of a file of the cache, or its flaw. What is judged is what is read, even if another user swaps the folder meanwhile.
 * @throws the error of node:fs if it cannot be read
 */
export function readTrusted(file: string): { readonly text: string } | Flaw {
  const before = flawIn(file, (status) => fileFlaw(status));
  if (before !== undefined) return before;
  const opened = openSync(file, constants.O_RDONLY | noFollow);
  try {
    const why = fileFlaw(fstatSync(opened));
    return why === undefined ? { text: readFileSync(opened, 'utf8') } : { path: file, why };
  } finally {
    closeSync(opened);
  }
}

const ownFolder = 'set COUNTERSIGN_CACHE_DIR to a folder that you own and that no other user can write to';

/** What to do about a flaw. A folder that the user has chosen may hold other things, so no command deletes it. */
export function remedyOf({ path, why }: Flaw, directory: string, env: NodeJS.ProcessEnv): string {
  if (path !== resolve(directory)) return `rm ${shellWord(path)}`;
  if (env['COUNTERSIGN_CACHE_DIR'] || why.startsWith('belongs')) return ownFolder;
  return `rm -r ${shellWord(path)}, or ${ownFolder}`;
}
