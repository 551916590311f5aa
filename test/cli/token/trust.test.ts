/** Who may own, write and replace the cache of tokens. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  fileFlaw,
  flawOfCache,
  flawOfFolder,
  folderFlaw,
  readTrusted,
  remedyOf,
} from '../../../cli/token/trust.ts';
import type { Status } from '../../../cli/token/trust.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const status = (mode: number, more: Partial<Status> = {}): Status => ({
  isSymbolicLink: () => false,
  isFile: () => true,
  uid: 1000,
  mode,
  ...more,
});
const link = { isSymbolicLink: () => true };
const directory = { isFile: () => false };

describe('a folder of cached tokens', () => {
  test.each<[number, Partial<Status>, string | undefined]>([
    [0o40700, {}, undefined],
    [0o40755, {}, undefined],
    [0o40770, {}, 'can be written to by other users'],
    [0o40702, {}, 'can be written to by other users'],
    [0o41777, {}, 'can be written to by other users'],
    [0o40700, { uid: 1001 }, 'belongs to another user (uid 1001)'],
    [0o40700, { uid: 0 }, 'belongs to another user (uid 0)'],
    [0o120777, link, 'is a link'],
  ])('of mode %o and %o is judged for user 1000', (mode, more, flaw) => {
    expect(folderFlaw(status(mode, more), 1000)).toBe(flaw);
  });
});

describe('a file of a cached token', () => {
  test.each<[number, Partial<Status>, string | undefined]>([
    [0o100600, {}, undefined],
    [0o100400, {}, undefined],
    [0o100640, {}, 'can be read or written by other users'],
    [0o100602, {}, 'can be read or written by other users'],
    [0o100600, { uid: 1001 }, 'belongs to another user (uid 1001)'],
    [0o100600, link, 'is a link'],
    [0o40600, directory, 'is not a file'],
  ])('of mode %o and %o is judged for user 1000', (mode, more, flaw) => {
    expect(fileFlaw(status(mode, more), 1000)).toBe(flaw);
  });
});

test('a link is refused whether or not a slash follows its name', () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'), 'junction');
  for (const path of [join(folder, 'link'), `${join(folder, 'link')}/`]) {
    expect(flawOfFolder(path)).toEqual({ path: join(folder, 'link'), why: 'is a link' });
  }
});

test('a folder that does not exist has no flaw', () => {
  expect(flawOfFolder(join(scratchFolder(), 'none'))).toBeUndefined();
});

test('a link in the place of a token is found, and not read', () => {
  const folder = scratchFolder();
  const target = join(scratchFolder(), 'target');
  writeFileSync(target, 'text', { mode: 0o600 });
  const file = join(folder, 'token-0.json');
  symlinkSync(target, file);
  expect(flawOfCache(folder)).toEqual({ path: file, why: 'is a link' });
  expect(readTrusted(file)).toEqual({ path: file, why: 'is a link' });
  expect(readTrusted(target)).toEqual({ text: 'text' });
});

test.each([
  ['a token', '/c/token-0.json', 'is a link', {}, /^rm \/c\/token-0\.json$/],
  [
    'the platform’s folder',
    '/c',
    'is a link',
    {},
    /^rm -r \/c, or set COUNTERSIGN_CACHE_DIR to a folder that you own/,
  ],
  ['the folder of another user', '/c', 'belongs to another user (uid 0)', {}, /^set COUNTERSIGN_CACHE_DIR/],
  [
    'a folder that the user has chosen',
    '/c',
    'is a link',
    { COUNTERSIGN_CACHE_DIR: '/c' },
    /^set COUNTERSIGN_CACHE_DIR/,
  ],
])('the remedy for %s deletes nothing but tokens', (_, path, why, env, remedy) => {
  expect(remedyOf({ path, why }, '/c', env)).toMatch(remedy);
});
