/** At most one process uses a data folder: a lock file in the folder has its process id. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Creates the folder if it is missing, and locks it. A lock whose process has ended is stale, and is replaced.
 * @returns a function that removes the lock
 * @throws Error if another process uses the folder, or the folder cannot be written
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'countersign.lock');
  const holder = readHolder(file);
  if (holder !== undefined && isRunning(holder)) {
    throw new Error(`${directory} is in use by process ${holder}: end it, or choose another folder.`);
  }
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only tests whether the process exists. EPERM: it exists and belongs to another user.
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
