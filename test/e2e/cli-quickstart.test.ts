/** docs/quickstart.md does what it says: its `sh` blocks, in order, in one shell, against `countersign dev`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { capture } from '../fixtures/capture.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { cliScript, startDev } from './cli-process.ts';

const blocks = [...readFileSync('docs/quickstart.md', 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map(
  ([, block]) => block!,
);
const hasBash = spawnSync('bash', ['-c', 'exit 0']).status === 0;

function folderWithCommand(): string {
  const folder = scratchFolder();
  const file = join(folder, 'countersign');
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${resolve(cliScript)}" "$@"\n`);
  chmodSync(file, 0o755);
  return folder;
}

test.skipIf(!hasBash || process.platform === 'win32')(
  'every command of the quickstart runs in bash',
  { timeout: 120_000 },
  async () => {
    expect(blocks.length).toBeGreaterThan(7);
    const dev = await startDev();
    const cwd = scratchFolder();
    // Each block says that it was reached, so that a failure names its block.
    const program = blocks.map((block, index) => `echo "block ${index + 1}" >&2\n${block}`).join('\n');
    const child = spawn('bash', ['-euo', 'pipefail', '-c', program], {
      cwd,
      env: {
        ...dev.env,
        PATH: `${folderWithCommand()}${delimiter}${process.env['PATH']}`,
        HOME: cwd,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    await dev.end();
    capture(stdout + stderr);
    expect(code, stderr).toBe(0);
    expect([...stdout.matchAll(/^username +(.*)$/gm)].map(([, name]) => name)).toEqual([
      'kubernetes-admin',
      'aws:111122223333:bob',
      'carol',
      'aws:111122223333:bob',
    ]);
    expect(stderr).toContain('Deleted set shops.');
  },
);
