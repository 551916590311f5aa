/** A cache of tokens that another user could have written is neither used nor written to; a token is created all the same. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { obtainToken } from '../../../cli/token/obtain.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const request = {
  clusterId: 'demo',
  roleArn: undefined,
  externalId: undefined,
  session: undefined,
  region: 'eu-west-1',
  mfaSerial: undefined,
  useCache: true,
};
const now = Date.now();

interface Obtained {
  readonly token: string;
  readonly said: readonly string[];
}

async function obtain(folder: string, change: Partial<typeof request> = {}): Promise<Obtained> {
  const env = {
    COUNTERSIGN_CACHE_DIR: folder,
    AWS_ACCESS_KEY_ID: 'AKIADEMOALICE0000001',
    AWS_SECRET_ACCESS_KEY: 'demo-secret-alice',
    AWS_CONFIG_FILE: 'none',
    AWS_SHARED_CREDENTIALS_FILE: 'none',
  };
  const terminal = quietTerminal();
  const { token } = await obtainToken({ ...request, ...change }, { env, terminal, now: () => now });
  return { token, said: terminal.said };
}

/** A cache whose one token another user has exchanged for their own. */
async function planted(): Promise<{ folder: string; file: string }> {
  const folder = join(scratchFolder(), 'cache');
  await obtain(folder);
  const file = join(folder, readdirSync(folder)[0]!);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"token":"[^"]*"/, '"token":"k8s-aws-v1.ATTACKER"'));
  return { folder, file };
}

/** `true`: the tests run as root, and may give files away. */
const isRoot = process.getuid?.() === 0;
const stranger = 54_321;

const flaws: readonly (readonly [string, (folder: string, file: string) => void, RegExp])[] = [
  [
    'its file is a link',
    (folder, file) => {
      const target = join(scratchFolder(), 'target');
      copyFileSync(file, target);
      chmodSync(target, 0o600);
      renameSync(file, join(folder, 'moved'));
      symlinkSync(target, file);
    },
    /token-[0-9a-f]{64}\.json is a link: rm /,
  ],
  [
    'its file can be read by a group',
    (_, file) => chmodSync(file, 0o640),
    /can be read or written by other users: rm /,
  ],
  [
    'its file can be written by all users',
    (_, file) => chmodSync(file, 0o602),
    /can be read or written by other users: rm /,
  ],
  [
    'its folder can be written to by a group',
    (folder) => chmodSync(folder, 0o770),
    /can be written to by other users: set COUNTERSIGN_CACHE_DIR to /,
  ],
  [
    'its folder is shared as /tmp is',
    (folder) => chmodSync(folder, 0o1777),
    /can be written to by other users: set COUNTERSIGN_CACHE_DIR to /,
  ],
  [
    'its folder is a link',
    (folder) => {
      const real = join(scratchFolder(), 'real');
      renameSync(folder, real);
      symlinkSync(real, folder);
    },
    /cache is a link: set COUNTERSIGN_CACHE_DIR to /,
  ],
  [
    'its folder belongs to another user',
    () => void vi.spyOn(process, 'getuid').mockReturnValue(stranger),
    /belongs to another user \(uid \d+\): set COUNTERSIGN_CACHE_DIR to /,
  ],
  ...(isRoot
    ? [
        [
          'its file belongs to another user',
          (_: string, file: string) => chownSync(file, stranger, stranger),
          /belongs to another user \(uid 54321\): rm /,
        ] as const,
      ]
    : []),
];

describe.skipIf(process.platform === 'win32')('a cached token', () => {
  test.each(flaws)('is not used or replaced if %s, and one line reports it', async (_, spoil, sentence) => {
    const { folder, file } = await planted();
    spoil(folder, file);
    const before = readFileSync(file, 'utf8');
    const { token, said } = await obtain(folder);
    expect(token).toMatch(/^k8s-aws-v1\.a/);
    expect(said).toEqual([expect.stringMatching(sentence)]);
    expect(said[0]).toMatch(/^Warning: countersign does not use its token cache, because \//);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('is neither looked for nor complained about with --no-cache', async () => {
    const { folder } = await planted();
    chmodSync(folder, 0o777);
    expect((await obtain(folder, { useCache: false })).said).toEqual([]);
  });

  test('is not written to an untrusted folder that holds none', async () => {
    const folder = join(scratchFolder(), 'cache');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    await obtain(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is used if only its user can write to it, also below a shared folder', async () => {
    const shared = scratchFolder();
    chmodSync(shared, 0o1777);
    const folder = join(shared, 'mine');
    const first = await obtain(folder);
    chmodSync(folder, 0o755);
    expect(await obtain(folder)).toEqual(first);
    expect(first.said).toEqual([]);
  });

  test('is not that of a file which was renamed', async () => {
    const { folder, file } = await planted();
    const other = await obtain(folder, { clusterId: 'other' });
    const otherFile = readdirSync(folder).find((name) => join(folder, name) !== file) ?? '';
    renameSync(join(folder, otherFile), file);
    expect((await obtain(folder)).token).not.toBe(other.token);
  });
});
