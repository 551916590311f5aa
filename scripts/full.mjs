// @ts-check
/**
 * The suite with its long runs (`npm run test:full`), or the fuzzers alone with ten million cases (`npm run
 * fuzz`). A separate script, because environment variables are set differently in each shell.
 */
import { spawnSync } from 'node:child_process';

const [mode, ...rest] = process.argv.slice(2);
const isFuzz = mode === '--fuzz';
const args = isFuzz ? ['test/fuzz', ...rest] : process.argv.slice(2);
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
  stdio: 'inherit',
  env: { ...process.env, COUNTERSIGN_TEST: 'full', ...(isFuzz ? { COUNTERSIGN_FUZZ: '10000000' } : {}) },
});
process.exitCode = status ?? 1;
