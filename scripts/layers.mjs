// @ts-check
/** `npm run check:layers`: prints what breaks the rules of scripts/architecture.mjs, and exits 1 if anything does. */
import { exceptions } from './architecture.mjs';
import { violationsOf } from './code/rules.mjs';
import { readSources } from './code/sources.mjs';

const found = violationsOf(readSources());
const broken = found.filter(
  ({ rule, what }) => !exceptions.some((exception) => exception.test(`${rule}: ${what}`)),
);
for (const { rule, what, why } of broken) console.error(`${rule}: ${what}: ${why}.`);
if (broken.length > 0) process.exitCode = 1;
