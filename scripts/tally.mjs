// @ts-check
/** Adds up the JSON reports of vitest in a folder and prints "N passed, N failed"; exits 1 if anything failed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory = '.', status = '0'] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(directory, file), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status === '0' && failed === 0 && passed > 0 ? 0 : 1;
