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
import { cacheDirectory, forgetCached, readCachedToken, writeCachedToken } from '../../../cli/token/cache.ts';
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
const found = { kind: 'found', cached };
const missing = { kind: 'missing' };
const onlyFileOf = (folder: string): string => join(folder, readdirSync(folder)[0]!);

test('a cached token is read under its own key only', () => {
  const folder = join(scratchFolder(), 'cache');
  expect(writeCachedToken(folder, key, cached, now)).toBe(true);
  expect(readCachedToken(folder, key, now)).toEqual(found);
  expect(readCachedToken(folder, { cluster: 'other' }, now)).toEqual(missing);
});

test('a cached token is not read in the last two minutes before it expires', () => {
  const folder = scratchFolder();
  writeCachedToken(folder, key, cached, now);
  expect(readCachedToken(folder, key, cached.expiresAt - 120_001)).toEqual(found);
  expect(readCachedToken(folder, key, cached.expiresAt - 120_000)).toEqual(missing);
});

test('a cached token that would last longer than STS accepts one is not read: the clock was set back', () => {
  const folder = scratchFolder();
  writeCachedToken(folder, key, cached, now);
  expect(readCachedToken(folder, key, cached.expiresAt - 900_000)).toEqual(found);
  expect(readCachedToken(folder, key, cached.expiresAt - 900_001)).toEqual(missing);
});

test.each([
  ['its key', { key }],
  ['its text', { token: cached.token }],
])('a cached token is forgotten by %s, and no other is', (_, what) => {
  const folder = scratchFolder();
  const other = { cluster: 'other' };
  writeCachedToken(folder, key, cached, now);
  writeCachedToken(folder, other, { ...cached, token: 'k8s-aws-v1.y' }, now);
  forgetCached(folder, what);
  expect(readCachedToken(folder, key, now)).toEqual(missing);
  expect(readCachedToken(folder, other, now)).toMatchObject({ kind: 'found' });
});

test('a corrupt file of the cache does not keep a token from being forgotten', () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'token-0.json'), '{', { mode: 0o600 });
  writeCachedToken(folder, key, cached, now);
  forgetCached(folder, { token: cached.token });
  expect(readCachedToken(folder, key, now)).toEqual(missing);
  expect(() => forgetCached(join(folder, 'none'), { token: cached.token })).not.toThrow();
});

test.skipIf(process.platform === 'win32')(
  'nothing is written to, or deleted from, a folder that others can write to',
  () => {
    const folder = scratchFolder();
    writeCachedToken(folder, key, cached, now);
    chmodSync(folder, 0o777);
    forgetCached(folder, { key });
    expect(writeCachedToken(folder, { cluster: 'other' }, cached, now)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(1);
  },
);

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
  expect(readCachedToken(folder, key, now)).toEqual(missing);
});

test.skipIf(process.platform === 'win32')(
  'a file of the cache that other users can read is not trusted',
  () => {
    const folder = scratchFolder();
    writeCachedToken(folder, key, cached, now);
    const file = onlyFileOf(folder);
    chmodSync(file, 0o640);
    expect(readCachedToken(folder, key, now)).toEqual({
      kind: 'untrusted',
      flaw: { path: file, why: 'can be read or written by other users' },
    });
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
