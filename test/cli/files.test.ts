/** Files that the user names. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  checkWritable,
  readObject,
  readObjectFile,
  readStdin,
  readText,
  writeFile,
} from '../../cli/files.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

function fileOf(text: string): string {
  const file = join(scratchFolder(), 'input.yaml');
  writeFileSync(file, text);
  return file;
}

test.each([
  ['YAML', 'a: y z\nb: [x]\n'],
  ['JSON', '{"a": "y z", "b": ["x"]}'],
])('an object is read from a file in %s', async (_, text) => {
  expect(await readObject(fileOf(text))).toEqual({ a: 'y z', b: ['x'] });
});

test.each([
  ['a list', '- a\n', /input\.yaml must hold one YAML or JSON object/],
  ['two documents', 'a: 1\n---\nb: 2\n', /input\.yaml must hold one YAML or JSON object/],
  ['nothing', '', /input\.yaml must hold one YAML or JSON object/],
  ['a syntax error', 'a: 1\nb: [\n', /input\.yaml:\d: This is not YAML/],
])('a file with %s is refused with exit code 2', async (_, text, message) => {
  await expect(readObject(fileOf(text))).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(message) as string,
  });
});

test('the line of a field is found by its path; that of a missing field is the line of what should contain it', async () => {
  const file = await readObjectFile(fileOf('mappings:\n  - id: a\n  - id: b\n    groups: [x]\n'));
  expect(file.lineOf('mappings[1].groups')).toBe(4);
  expect(file.lineOf('mappings[1].username')).toBe(3);
});

test('a file that cannot be read is named in the error message, with the error code', async () => {
  await expect(readText(join(scratchFolder(), 'none'))).rejects.toThrow(
    /none cannot be read \(ENOENT\): check its name/,
  );
});

test('a file is written with its text, and a failure names the file and the error code', () => {
  const folder = scratchFolder();
  writeFile(join(folder, 'file'), 'text', 0o600);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('text');
  mkdirSync(join(folder, 'full', 'content'), { recursive: true });
  expect(() => writeFile(join(folder, 'none', 'file'), 'text', 0o600)).toThrow(
    /file cannot be written \(ENOENT\)/,
  );
  expect(() => writeFile(join(folder, 'full'), 'text', 0o600)).toThrow(
    /full cannot be written \(it is a folder\)/,
  );
});

/** Stdin of so many mebibytes, in chunks of one. */
async function* stdinOf(mebibytes: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let sent = 0; sent < mebibytes; sent++) yield chunk;
}

// As root, /dev/null and /dev/stdout could be replaced.
test.each([
  ['a named pipe', 'is not a file', (file: string) => execFileSync('mkfifo', [file])],
  ['a link', 'is a link', (file: string) => symlinkSync('elsewhere', file)],
  ['a link to a device', 'is a link', (file: string) => symlinkSync('/dev/null', file)],
  ['a folder', 'is a folder', (file: string) => mkdirSync(file)],
])('%s is not replaced by a file', (_, why, make) => {
  const file = join(scratchFolder(), 'out');
  make(file);
  const before = lstatSync(file).ino;
  const message = `${file} cannot be written (it ${why}): check its folder and permissions.`;
  expect(() => checkWritable(file)).toThrow(message);
  expect(() => writeFile(file, 'text', 0o600)).toThrow(message);
  expect(lstatSync(file).ino).toBe(before);
});

test('stdin of 64 MiB is read', async () => {
  const text = await readStdin(stdinOf(64));
  expect(text).toHaveLength(64 * 1024 * 1024);
});

test('stdin of 65 MiB is refused with exit code 2', async () => {
  await expect(readStdin(stdinOf(65))).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/more than 64 MiB/),
  });
});
