/** The user's kubeconfig file, found and locked as kubectl does it. */
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { failure } from '../exit.ts';
import { writeFile } from '../files.ts';

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

/** The one that is given, else the first of KUBECONFIG that exists (or its last), else `~/.kube/config`. */
export function kubeconfigFile(env: NodeJS.ProcessEnv, given: string | undefined): string {
  if (given !== undefined) return given;
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.find(exists) ?? listed.at(-1) ?? join(homedir(), '.kube', 'config');
}

/** `undefined` where there is no such file. */
export function readKubeconfig(file: string): string | undefined {
  if (!exists(file)) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw failure(`${file} cannot be read.`, error);
  }
}

function lock(file: string): () => void {
  const name = `${file}.lock`;
  try {
    closeSync(openSync(name, 'wx', 0o600));
  } catch (error) {
    throw failure(
      `${name} exists or cannot be made: another kubectl may be at work; delete it where none is.`,
      error,
    );
  }
  return () => rmSync(name, { force: true });
}

/** Changes the file under kubectl's lock. Mode and symbolic link stay; a new file is 0600. */
export function updateKubeconfig(file: string, change: (text: string | undefined) => string): void {
  mkdirSync(dirname(file), { recursive: true });
  const unlock = lock(file);
  try {
    const target = exists(file) ? realpathSync(file) : file;
    const mode = exists(target) ? statSync(target).mode & 0o777 : 0o600;
    writeFile(target, change(readKubeconfig(target)), mode);
  } finally {
    unlock();
  }
}
