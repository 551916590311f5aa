import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that nothing else uses, until the run ends: global-setup.ts removes them all. */
export const scratchFolder = (): string =>
  mkdtempSync(join(process.env['COUNTERSIGN_SCRATCH_DIR'] ?? tmpdir(), 'folder-'));
