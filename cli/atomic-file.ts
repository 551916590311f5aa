/** The atomic file write: of tokens, kubeconfigs, certificates and whatever a command saves. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file by way of a part file beside it (`<file>.<uuid>.part`): a concurrent reader sees the old text or the
 * new one, and a failed write leaves neither a change nor the part file.
 * @param mode of the new file, for example 0o600
 * @throws the error of node:fs
 */
export function writeFileAtomically(file: string, text: string, mode: number): void {
  const part = `${file}.${randomUUID()}.part`;
  try {
    // The part file is new: a link of that name is not followed.
    writeFileSync(part, text, { mode, flag: 'wx' });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
