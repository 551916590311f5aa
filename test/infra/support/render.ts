/** Renders the deployment as `npm run package` does, in a temporary folder, without network or credentials. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { capture } from '../../fixtures/capture.ts';
import type { Template } from './template.ts';

const require = createRequire(import.meta.url);
const osls = join(dirname(require.resolve('serverless/package.json')), 'bin', 'serverless.js');
/** Inside node_modules, so that the plugin finds its packages and the tools of the project skip it. */
const cache = join(process.cwd(), 'node_modules', '.cache');

export interface Rendered {
  readonly status: number;
  readonly output: string;
  readonly template: Template;
  /** The rendered file, for linters. */
  readonly file: string;
}

export const functionNames = ['token-review', 'whoami', 'admin', 'group-sync'] as const;

/** Copies the files that osls reads. The bundles are placeholders; artifact.test.ts uses the real ones. */
export function prepare(): { readonly directory: string; readonly remove: () => void } {
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'countersign-render-'));
  for (const path of ['serverless.yml', 'infra', 'scripts/osls']) {
    cpSync(path, join(directory, path), { recursive: true });
  }
  for (const name of functionNames) {
    const folder = join(directory, 'dist', 'functions', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.mjs'), 'export const handler = async () => ({});\n');
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** `--stage test` and the parameters, as `name=value`. Credentials of the machine are removed. */
export function render(directory: string, ...params: readonly string[]): Rendered {
  const args = ['package', '--stage', 'test', '--region', 'eu-central-1'];
  const { status, stdout, stderr } = runOsls(directory, [...args, ...params.flatMap((p) => ['--param', p])]);
  const file = join(directory, '.serverless', 'cloudformation-template-update-stack.json');
  const template: Template =
    status === 0 ? (JSON.parse(readFileSync(file, 'utf8')) as Template) : { Resources: {}, Outputs: {} };
  return { status, output: stdout + stderr, template, file };
}

export function runOsls(
  directory: string,
  args: readonly string[],
): { status: number; stdout: string; stderr: string } {
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|SLS|VITEST|NODE_OPTIONS)/.test(name),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [osls, ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...Object.fromEntries(environment), NO_COLOR: '1' },
  });
  capture(stdout + stderr);
  return { status: status ?? 1, stdout, stderr };
}
