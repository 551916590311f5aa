import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSecrets } from './secrets.ts';

/** Opens the capture folder; when all tests are done, searches it and fails the run where a secret is found. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-capture-'));
  process.env['COUNTERSIGN_CAPTURE_DIR'] = directory;
  return () => {
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
