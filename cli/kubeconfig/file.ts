/** Finds, reads and updates the user's kubeconfig file, with kubectl's search order and kubectl's lock. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { failure } from '../exit.ts';
import { writeFile } from '../files.ts';

/** `given`, else the first file of KUBECONFIG that exists (or the last one listed), else `~/.kube/config`. */
export function kubeconfigFile(env: NodeJS.ProcessEnv, given: string | undefined): string {
  if (given !== undefined) return given;
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.find((file) => existsSync(file)) ?? listed.at(-1) ?? join(homedir(), '.kube', 'config');
}

/** `undefined` if the file does not exist. @throws CliFailure if it exists and cannot be read */
export function readKubeconfig(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw failure(`${file} cannot be read: check its permissions.`, error);
  }
}

function lock(file: string): () => void {
  const name = `${file}.lock`;
  try {
    closeSync(openSync(name, 'wx', 0o600));
  } catch (error) {
    throw failure(
      `The lock ${name} cannot be created: try again, or delete it if no kubectl is running.`,
      error,
    );
  }
  return () => rmSync(name, { force: true });
}

/** Rewrites the file under kubectl's lock. Its mode and a symbolic link to it stay; a new file gets mode 0600. */
export function updateKubeconfig(file: string, change: (text: string | undefined) => string): void {
  mkdirSync(dirname(file), { recursive: true });
  const unlock = lock(file);
  try {
    const target = existsSync(file) ? realpathSync(file) : file;
    const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o600;
    writeFile(target, change(readKubeconfig(target)), mode);
  } finally {
    unlock();
  }
}
