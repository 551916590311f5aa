// @ts-check
/** `npm run check:layers`: prints what breaks the rules of scripts/architecture.mjs, and exits 1 if anything does. */
import { violationsOf } from './code/rules.mjs';
import { readSources } from './code/sources.mjs';

const broken = violationsOf(readSources());
for (const { rule, what, why } of broken) console.error(`${rule}: ${what}: ${why}.`);
if (broken.length > 0) process.exitCode = 1;
