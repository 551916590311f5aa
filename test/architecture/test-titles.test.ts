/** Titles that stand alone in a CI log, `test` instead of `it`, short test files, and a test for each source with logic: scripts/test-titles.mjs lists them. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const report = JSON.parse(
  execFileSync(process.execPath, ['scripts/test-titles.mjs', '--json'], { encoding: 'utf8' }),
) as Readonly<Record<'titles' | 'it' | 'long' | 'withoutTest' | 'testedElsewhere', readonly string[]>>;

test.each([
  ['every test title stands alone in a CI log', 'titles'],
  ['every test is written with test, never with it', 'it'],
  ['no test file has more than 300 lines', 'long'],
  [
    'every source with logic has a test of its name, or is listed in scripts/tested-elsewhere.mjs',
    'withoutTest',
  ],
  ['every line of scripts/tested-elsewhere.mjs is true', 'testedElsewhere'],
] as const)('%s: node scripts/test-titles.mjs lists the exceptions', (_rule, list) => {
  expect(report[list]).toEqual([]);
});
