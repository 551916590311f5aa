/** The linter refuses in pure folders what scripts/architecture.mjs calls impure: each is planted once in a copy. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { impure, pure } from '../../scripts/architecture.mjs';
import { scratchFolder } from '../fixtures/scratch.ts';

const folderOf = (glob: string): string => glob.replace(/\*\*\/\*\.ts$|\*\.ts$/, 'planted.ts');
const planted: [path: string, what: string, text: string][] = [
  ...impure.globals.map((name): [string, string, string] => [
    `lib/identity/${name}.ts`,
    name,
    `export const planted = () => ${name};`,
  ]),
  ...impure.properties.map(({ object, property }): [string, string, string] => [
    `lib/identity/${object}.${property}.ts`,
    `${object}.${property}`,
    `export const planted = () => ${object}.${property}();`,
  ]),
  ...pure.map((glob): [string, string, string] => [
    folderOf(glob),
    `the clock in ${glob}`,
    'export const planted = () => Date.now();',
  ]),
];
const allowed: [path: string, what: string, text: string][] = [
  ['lib/identity/buffer.ts', 'Buffer in a pure folder', "export const allowed = () => Buffer.from('a');"],
  ['lib/identity/parse.ts', 'Date.parse in a pure folder', "export const allowed = () => Date.parse('a');"],
  ['lib/identity/own.ts', 'a name of its own', 'export const allowed = (process: number) => process;'],
  ['lib/net/clock.ts', 'the clock in a folder that is not pure', 'export const allowed = () => Date.now();'],
  ['lib/resolve/ec2/clock.ts', 'the clock in an adapter', 'export const allowed = () => Date.now();'],
];

/** The rules that a run of oxlint over the copy reports, by file. */
const reported = new Map<string, string[]>();

beforeAll(() => {
  const root = scratchFolder();
  for (const [path, , text] of [...planted, ...allowed]) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const config = pathToFileURL(resolve('oxlint.config.mjs')).href;
  // Without types: the rules of purity need none, and the copy has no tsconfig.json.
  writeFileSync(
    join(root, 'oxlint.config.mjs'),
    `import config from '${config}';\nexport default { ...config, options: {} };\n`,
  );
  const oxlint = resolve('node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '-c', 'oxlint.config.mjs', '-f', 'json', 'lib'], {
    cwd: root,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) {
    const path = filename.replaceAll('\\', '/');
    reported.set(path, [...(reported.get(path) ?? []), code]);
  }
});

describe('the linter refuses in a pure file', () => {
  test.each(planted)('the planted %s: %s', (path) => {
    expect(reported.get(path)?.join(' ')).toMatch(/no-restricted-(?:globals|properties)/);
  });
});

describe('the linter accepts', () => {
  test.each(allowed)('the allowed %s: %s', (path) => {
    expect(reported.get(path) ?? []).toEqual([]);
  });
});
