// @ts-check
/**
 * `npm run package` and `npm run deploy`: checks the parameters, bundles, has osls make the artifacts and the template in
 * .serverless/ (and deploy them), and prints what the artifacts weigh. Packaging needs no network and no credentials.
 *
 *     node scripts/package.mjs package|deploy [--stage NAME] [--region NAME] [--param name=value …]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { placeholdersIn, readSettings } from './osls/settings.mjs';

const usage = 'node scripts/package.mjs package|deploy [--stage NAME] [--region NAME] [--param name=value …]';

/** @param {string} sentence @returns {never} */
function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        stage: { type: 'string', default: 'dev' },
        region: { type: 'string' },
        param: { type: 'string', multiple: true, default: [] },
        'aws-profile': { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`);
  }
}

/** @param {string} stage @param {readonly string[]} params */
function readCheckedSettings(stage, params) {
  try {
    return readSettings({ stage, params, serviceDir: process.cwd() });
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

/** @param {readonly string[]} args of node; ends the process where the program fails */
function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) stop(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

/** The binary of the framework, without a shell and without npx, so that it starts alike on every system. */
function osls() {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('serverless/package.json');
  /** @type {{bin: Record<string, string>}} */
  const { bin } = require(manifest);
  return join(dirname(manifest), bin['osls'] ?? bin['serverless'] ?? '');
}

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(12);

function printSizes() {
  console.log('\nArtifacts in .serverless/:');
  for (const file of readdirSync('.serverless').filter((name) => name.endsWith('.zip'))) {
    console.log(`${kilobytes(statSync(join('.serverless', file)).size)}  ${file}`);
  }
}

const { positionals, values } = readArguments();
const [command, ...rest] = positionals;
if ((command !== 'package' && command !== 'deploy') || rest.length > 0) stop(`Usage: ${usage}`);
const placeholders = placeholdersIn(readCheckedSettings(values.stage, values.param));
if (placeholders.length > 0 && command === 'deploy') {
  stop(
    `Stage ${values.stage} still has placeholders for ${placeholders.join(' and ')}: set them in infra/parameters/${values.stage}.yml. docs/deploy.md explains each parameter.`,
  );
}
run('scripts/build.mjs');
run(
  osls(),
  command,
  '--stage',
  values.stage,
  ...(values.region ? ['--region', values.region] : []),
  ...(values['aws-profile'] ? ['--aws-profile', values['aws-profile']] : []),
  ...values.param.flatMap((param) => ['--param', param]),
  ...(values.verbose ? ['--verbose'] : []),
);
printSizes();
if (placeholders.length > 0) console.log(`\nPlaceholders, which deploy refuses: ${placeholders.join(', ')}.`);
