// @ts-check
/**
 * Shared by `npm run package` and `npm run deploy`: validates the parameters and finds placeholders before osls starts,
 * so that the user sees a clear error message. Needs the bundles (`npm run build`).
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { placeholdersIn, readSettings } from './settings.mjs';

/**
 * Reads the command line: `[--stage NAME] [--region NAME] [--param name=value …] [--aws-profile NAME] [--verbose]`.
 * Exits with 2 if an option or a parameter is wrong.
 * @returns {{stage: string, placeholders: string[], args: string[]}} `placeholders`: the names of parameters that still
 * hold one; `args`: the arguments for osls
 */
export function readCommandLine() {
  try {
    const { values } = parseArgs({
      options: {
        stage: { type: 'string', default: 'dev' },
        region: { type: 'string' },
        param: { type: 'string', multiple: true, default: [] },
        'aws-profile': { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
    const { stage, region, param, 'aws-profile': profile, verbose } = values;
    const settings = readSettings({ stage, params: param, serviceDir: process.cwd() });
    const args = [
      '--stage',
      stage,
      ...(region ? ['--region', region] : []),
      ...(profile ? ['--aws-profile', profile] : []),
      ...param.flatMap((item) => ['--param', item]),
      ...(verbose ? ['--verbose'] : []),
    ];
    return { stage, placeholders: placeholdersIn(settings), args };
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} sentence @returns {never} */
export function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

/**
 * Runs osls by its file, without a shell or npx, so that it starts in the same way on every system. Exits with osls's
 * status if it fails.
 * @param {'package' | 'deploy'} command @param {readonly string[]} args
 */
export function runOsls(command, args) {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('serverless/package.json');
  /** @type {{bin: Record<string, string>}} */
  const { bin } = require(manifest);
  const file = join(dirname(manifest), bin['osls'] ?? '');
  const { status, error } = spawnSync(process.execPath, [file, command, ...args], { stdio: 'inherit' });
  if (error) stop(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
