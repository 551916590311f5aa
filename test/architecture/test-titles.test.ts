/** Titles that stand alone in a CI log, `test` instead of `it`, and short test files: scripts/test-titles.mjs lists them. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const report = JSON.parse(
  execFileSync(process.execPath, ['scripts/test-titles.mjs', '--json'], { encoding: 'utf8' }),
) as Readonly<Record<'titles' | 'it' | 'long', readonly string[]>>;

test.each([
  ['every test title stands alone in a CI log', 'titles'],
  ['every test is written with test, never with it', 'it'],
  ['no test file has more than 300 lines', 'long'],
] as const)('%s: node scripts/test-titles.mjs lists the exceptions', (_rule, list) => {
  expect(report[list]).toEqual([]);
});
