/** The line of `countersign doctor` about the cache of tokens. */
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkCache } from '../../../../cli/commands/doctor/check-cache.ts';
import { scratchFolder } from '../../../fixtures/scratch.ts';

const check = (folder: string) => checkCache({ env: { COUNTERSIGN_CACHE_DIR: folder } });

test('a cache that works is reported as fine, and is left as it was', () => {
  const folder = join(scratchFolder(), 'cache');
  expect(check(folder)).toEqual({ check: 'cache', state: 'ok', detail: `tokens are cached in ${folder}` });
  expect(readdirSync(folder)).toEqual([]);
});

describe.skipIf(process.platform === 'win32')('a cache that others could have written', () => {
  const folderThat = (spoil: (folder: string) => void): string => {
    const folder = join(scratchFolder(), 'cache');
    mkdirSync(folder, { mode: 0o700 });
    spoil(folder);
    return folder;
  };
  const tokenIn = (folder: string): string => {
    writeFileSync(join(folder, 'token-0.json'), '{}', { mode: 0o600 });
    return join(folder, 'token-0.json');
  };

  test.each<[string, (folder: string) => void, RegExp, RegExp]>([
    [
      'a folder for all',
      (folder) => chmodSync(folder, 0o1777),
      /cache can be written to by other users$/,
      /^set COUNT/,
    ],
    [
      'a folder of a group',
      (folder) => chmodSync(folder, 0o770),
      /cache can be written to by other users$/,
      /^set COUNT/,
    ],
    [
      'a folder of another user',
      () => void vi.spyOn(process, 'getuid').mockReturnValue(54_321),
      /cache belongs to another user \(uid \d+\)$/,
      /^set COUNT/,
    ],
    [
      'a token that others can read',
      (folder) => chmodSync(tokenIn(folder), 0o644),
      /token-0\.json can be read or written by other users$/,
      /^rm \/.*token-0\.json$/,
    ],
    [
      'a link to a token',
      (folder) => symlinkSync(tokenIn(scratchFolder()), join(folder, 'token-0.json')),
      /token-0\.json is a link$/,
      /^rm \/.*token-0\.json$/,
    ],
  ])('is reported with its remedy, and not written to: %s', (_, spoil, detail, remedy) => {
    const folder = folderThat(spoil);
    const before = readdirSync(folder);
    expect(check(folder)).toEqual({
      check: 'cache',
      state: 'failed',
      detail: expect.stringMatching(detail) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('is reported if its folder is a link', () => {
    const folder = join(scratchFolder(), 'link');
    symlinkSync(scratchFolder(), folder);
    expect(check(folder)).toMatchObject({ state: 'failed', detail: expect.stringMatching(/is a link$/) });
  });
});
