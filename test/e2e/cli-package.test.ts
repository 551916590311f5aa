/** What is installed: the package that `npm pack` makes, and the one file for hosts without npm. `npm test` has built both. */
import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice } from './cli-process.ts';

const run = promisify(execFile);
const { version, bin, engines, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  bin: Record<string, string>;
  engines: { node: string };
  dependencies?: Record<string, string>;
};

const node = async (script: string, args: readonly string[]): Promise<string> =>
  (await run(process.execPath, [script, ...args], { env: { ...alice, HOME: scratchFolder() } })).stdout;

describe('the npm package', () => {
  test('runs from its unpacked folder without a build step', async () => {
    const folder = scratchFolder();
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await run(npm, ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      shell: process.platform === 'win32',
    });
    const [archive = ''] = readdirSync(folder);
    await run('tar', ['-xzf', archive], { cwd: folder });
    const script = join(folder, 'package', bin['countersign']!);
    expect(await node(script, ['version', '--short'])).toBe(`${version}\n`);
    expect(await node(script, ['token', '-i', 'demo', '--token-only'])).toMatch(/^k8s-aws-v1\./);
    expect(readdirSync(join(folder, 'package')).toSorted()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dev', 'dist', 'package.json'].toSorted(),
    );
  });

  test('is executable, names its Node.js version, and depends only on the embedded table', () => {
    expect(readFileSync(bin['countersign']!, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(engines.node).toBe('>=20.19.0');
    expect(Object.keys(dependencies ?? {})).toEqual(['dynalite']);
  });
});

describe('dist/countersign.mjs', () => {
  test('is one file with every command except dev', async () => {
    const script = join(scratchFolder(), 'countersign.mjs');
    copyFileSync('dist/countersign.mjs', script);
    expect(await node(script, ['token', '-i', 'demo', '--token-only'])).toMatch(/^k8s-aws-v1\./);
    const help = await node(script, ['--help']);
    expect(help).toContain('serve');
    expect(help).not.toMatch(/^ {2}dev /m);
  });
});
