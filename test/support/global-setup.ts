import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSecrets } from './secrets.ts';

/**
 * Opens the capture folder, and one for scratch files. When all tests are done the first is searched, and the run fails where a
 * secret is found; both are removed.
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-capture-'));
  process.env['COUNTERSIGN_CAPTURE_DIR'] = directory;
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-scratch-'));
  process.env['COUNTERSIGN_SCRATCH_DIR'] = scratch;
  return () => {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
    const found = readdirSync(directory).flatMap((file) =>
      findSecrets(readFileSync(join(directory, file), 'utf8')).map((what) => `${file}: ${what}`),
    );
    if (found.length > 0) {
      process.exitCode = 1;
      throw new Error(`The output of the suite holds ${found.join('; ')} (kept in ${directory}).`);
    }
    rmSync(directory, { recursive: true });
  };
}
