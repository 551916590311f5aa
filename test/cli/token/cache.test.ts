/** The cache of tokens on disk. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory, readCachedToken, writeCachedToken } from '../../../cli/token/cache.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

test.each<[NodeJS.Platform, Record<string, string>, RegExp]>([
  ['linux', { XDG_CACHE_HOME: '/x' }, /^.x.countersign$/],
  ['linux', {}, /\.cache.countersign$/],
  ['darwin', { XDG_CACHE_HOME: '/x' }, /Library.Caches.countersign$/],
  ['win32', { LOCALAPPDATA: 'C:\\L' }, /^C:\\L.countersign.cache$/],
  ['linux', { COUNTERSIGN_CACHE_DIR: '/mine' }, /^\/mine$/],
])('the cache of tokens on %s with %o is in the platform’s folder for caches', (platform, env, expected) => {
  expect(cacheDirectory(env, platform)).toMatch(expected);
});

const key = { cluster: 'demo' };
const now = Date.now();
const cached = { token: 'k8s-aws-v1.x', expiresAt: now + 600_000 };
const onlyFileOf = (folder: string): string => join(folder, readdirSync(folder)[0]!);

test('a cached token is read under its own key only', () => {
  const folder = join(scratchFolder(), 'cache');
  expect(writeCachedToken(folder, key, cached, now)).toBe(true);
  expect(readCachedToken(folder, key, now)).toEqual(cached);
  expect(readCachedToken(folder, { cluster: 'other' }, now)).toBeUndefined();
});

test('a cached token is not read in the last two minutes before it expires', () => {
  const folder = scratchFolder();
  writeCachedToken(folder, key, cached, now);
  expect(readCachedToken(folder, key, cached.expiresAt - 120_001)).toEqual(cached);
  expect(readCachedToken(folder, key, cached.expiresAt - 120_000)).toBeUndefined();
});

test.each([
  '',
  '{"token":',
  '[]',
  'null',
  '{"token":1,"expiresAt":9e15}',
  '{"token":"x","expiresAt":"9e15"}',
])('a corrupt file of the cache reads as no token: %j', (text) => {
  const folder = scratchFolder();
  writeCachedToken(folder, key, cached, now);
  writeFileSync(onlyFileOf(folder), text);
  expect(readCachedToken(folder, key, now)).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'a file of the cache that other users can read is not trusted',
  () => {
    const folder = scratchFolder();
    writeCachedToken(folder, key, cached, now);
    chmodSync(onlyFileOf(folder), 0o640);
    expect(readCachedToken(folder, key, now)).toBeUndefined();
  },
);

test.skipIf(process.platform === 'win32')('the cache and its files can be read by their owner only', () => {
  const folder = join(scratchFolder(), 'cache');
  writeCachedToken(folder, key, cached, now);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(onlyFileOf(folder)).mode & 0o777).toBe(0o600);
});

test('stale files of the cache are deleted when a token is written, and files of others are not', () => {
  const folder = scratchFolder();
  for (const name of ['token-old.json', 'token-old.json.1.part', 'token-new.json', 'another.json']) {
    writeFileSync(join(folder, name), '');
  }
  const anHourAgo = now / 1000 - 3601;
  for (const name of ['token-old.json', 'token-old.json.1.part', 'another.json']) {
    utimesSync(join(folder, name), anHourAgo, anHourAgo);
  }
  writeCachedToken(folder, key, cached, now);
  const names = readdirSync(folder).filter((name) => !/^token-[0-9a-f]{64}\.json$/.test(name));
  expect(names.toSorted()).toEqual(['another.json', 'token-new.json']);
});

test('a token that cannot be cached is no failure, and leaves no part file', () => {
  const folder = scratchFolder();
  writeCachedToken(folder, key, cached, now);
  const file = onlyFileOf(folder);
  const blocked = scratchFolder();
  // A folder in the place of the file: the part file is written, and the rename fails.
  mkdirSync(join(blocked, file.slice(folder.length + 1), 'x'), { recursive: true });
  expect(writeCachedToken(blocked, key, cached, now)).toBe(false);
  expect(readdirSync(blocked)).toEqual([file.slice(folder.length + 1)]);
  writeFileSync(join(folder, 'file'), '');
  expect(writeCachedToken(join(folder, 'file'), key, cached, now)).toBe(false);
  expect(readFileSync(file, 'utf8')).toContain(cached.token);
});
