import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '../../cli/atomic-file.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

test('an atomic write replaces the file and leaves no part file', () => {
  const folder = scratchFolder();
  const file = join(folder, 'file');
  writeFileSync(file, 'old');
  writeFileAtomically(file, 'new', 0o600);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('an atomic write that fails throws the error, and leaves neither a change nor a part file', () => {
  const folder = scratchFolder();
  // A folder with content in the place of the file: the part file is written, and the rename fails.
  mkdirSync(join(folder, 'file', 'content'), { recursive: true });
  expect(() => writeFileAtomically(join(folder, 'file'), 'new', 0o600)).toThrow(
    /EISDIR|ENOTEMPTY|EPERM|EEXIST/,
  );
  expect(readdirSync(folder)).toEqual(['file']);
});

test.skipIf(process.platform === 'win32')(
  'an atomic write gives the file its mode, also if the old file had another',
  () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, 'old', { mode: 0o644 });
    writeFileAtomically(file, 'new', 0o600);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);
