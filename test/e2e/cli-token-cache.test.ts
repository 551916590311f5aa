/** The cache of tokens, as processes use it. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice, countersign } from './cli-process.ts';
import type { RunOptions } from './cli-process.ts';

const token = (args: readonly string[], options: RunOptions = {}) =>
  countersign(['token', ...args], { ...options, printsToken: true });

const urlOf = (text: string): URL =>
  new URL(Buffer.from(text.trim().replace('k8s-aws-v1.', ''), 'base64url').toString());

/** Two tokens of the same second are the same text. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

describe('the cache of tokens', () => {
  const withCache = (folder: string, more: Record<string, string> = {}): RunOptions => ({
    env: { ...alice, COUNTERSIGN_CACHE_DIR: folder, ...more },
  });
  const args = ['-i', 'demo', '--token-only'];

  test('a cached token is printed again, and the cache holds no secret key', async () => {
    const folder = join(scratchFolder(), 'cache');
    const first = await token(args, withCache(folder));
    await aSecond();
    const second = await token(args, withCache(folder));
    expect(second.stdout === first.stdout).toBe(true);
    const [file = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain('demo-secret');
  });

  test.skipIf(process.platform === 'win32')('the cache of tokens can be read by its owner only', async () => {
    const folder = join(scratchFolder(), 'cache');
    await token(args, withCache(folder));
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    expect(readdirSync(folder).map((file) => mode(join(folder, file)))).toEqual([0o600]);
  });

  test.each([
    ['another cluster', ['-i', 'other', '--token-only'], {}],
    ['another region', [...args, '--region', 'eu-west-1'], {}],
    [
      'another key',
      args,
      { AWS_ACCESS_KEY_ID: 'AKIADEMOMALLORY00001', AWS_SECRET_ACCESS_KEY: 'demo-secret-mallory' },
    ],
    ['--no-cache', [...args, '--no-cache'], {}],
  ])('a cached token is not used for %s', async (_, otherArgs, env) => {
    const folder = scratchFolder();
    const first = await token(args, withCache(folder));
    if (otherArgs.includes('--no-cache')) await aSecond();
    const second = await token(otherArgs, withCache(folder, env));
    expect(second.code).toBe(0);
    expect(second.stdout === first.stdout).toBe(false);
  });

  test.skipIf(process.platform === 'win32')(
    'a cached token is not used for another user of the same credential_process',
    async () => {
      const home = scratchFolder();
      const config = join(home, 'config');
      const program = `echo '{"Version":1,"AccessKeyId":"'$WHO'","SecretAccessKey":"demo-secret-x"}'`;
      writeFileSync(join(home, 'who.sh'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
      writeFileSync(config, `[default]\ncredential_process = ${join(home, 'who.sh')}\n`);
      const keyIdFor = async (who: string): Promise<string | null> => {
        const env = { AWS_CONFIG_FILE: config, COUNTERSIGN_CACHE_DIR: join(home, 'cache'), WHO: who };
        return urlOf((await token(args, { env })).stdout).searchParams.get('X-Amz-Credential');
      };
      expect(await keyIdFor('AKIADEMOALICE0000001')).toMatch(/^AKIADEMOALICE0000001/);
      expect(await keyIdFor('AKIADEMOBOB000000001')).toMatch(/^AKIADEMOBOB000000001/);
    },
  );

  test('token writes nothing to the cache with --no-cache', async () => {
    const folder = scratchFolder();
    await token([...args, '--no-cache'], withCache(folder));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a corrupt file of the cache is replaced by a new token', async () => {
    const folder = scratchFolder();
    await token(args, withCache(folder));
    const file = join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, '{"token":');
    expect((await token(args, withCache(folder))).stdout).toMatch(/^k8s-aws-v1\./);
  });

  test('token succeeds, and prints no error, if its cache folder is unusable', async () => {
    const blocked = join(scratchFolder(), 'file');
    writeFileSync(blocked, '');
    const { code, stderr } = await token(args, withCache(blocked));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('concurrent calls of token print complete tokens and share one cache file', async () => {
    const folder = scratchFolder();
    const ended = await Promise.all(Array.from({ length: 6 }, () => token(args, withCache(folder))));
    expect(ended.every(({ code, stdout }) => code === 0 && /^k8s-aws-v1\.[\w-]+\n$/.test(stdout))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
