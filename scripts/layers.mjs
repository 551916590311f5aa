// @ts-check
/** `npm run layers`: prints what breaks the rules of scripts/architecture.mjs, and exits 1 if anything does. */
import { exceptions } from './architecture.mjs';
import { violationsOf } from './code/rules.mjs';
import { readSources } from './code/sources.mjs';

const sources = readSources();
const found = violationsOf(sources);
const broken = found.filter(
  ({ rule, what }) => !exceptions.some((exception) => exception === `${rule}: ${what}`),
);
for (const { rule, what, why } of broken) console.error(`${rule}: ${what}: ${why}.`);
const stale = exceptions.filter(
  (exception) => !found.some(({ rule, what }) => exception === `${rule}: ${what}`),
);
for (const exception of stale) console.error(`exception no longer needed: ${exception}`);
if (broken.length + stale.length > 0) process.exitCode = 1;
