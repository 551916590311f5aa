/** One process at a time per data folder: a file in it names the one that uses it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the folder if need be, and takes it; the function that comes back gives it free. A lock whose process has ended is taken over.
 * @throws Error where another process uses the folder, or it cannot be written
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
    // Signal 0 asks only whether there is such a process; EPERM says that there is one, of another user.
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
