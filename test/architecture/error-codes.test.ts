/** Every code of a review and of the admin API is returned by the code, and asserted by a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemCodes } from '../../lib/admin/problem.ts';
import { callerErrorCodes, deniedCodes, unavailableCodes } from '../../lib/errors.ts';
import { readSources } from '../../scripts/code/sources.mjs';

const sources = readSources();
const code = sources.filter(({ path }) => path.startsWith('lib/')).map(({ text }) => text);

const isAdminTest = (path: string): boolean => /^test\/(?:handlers|lib|e2e|fixtures)\/.*admin/.test(path);
const tests = sources.filter(({ path }) => /^test\/(?:handlers|lib|e2e|fixtures|cli|fuzz)\//.test(path));
const adminTests = tests.filter(({ path }) => isAdminTest(path)).map(({ text }) => text);
const reviewTests = [
  ...tests.filter(({ path }) => !isAdminTest(path)).map(({ text }) => text),
  ...readdirSync('test/vectors')
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(`test/vectors/${name}`, 'utf8')),
];

const cases = [
  ...deniedCodes.map((code) => ({ code, creator: 'denied', tests: reviewTests })),
  ...unavailableCodes.map((code) => ({ code, creator: 'unavailable', tests: reviewTests })),
  ...callerErrorCodes.map((code) => ({ code, creator: 'callerError', tests: reviewTests })),
  ...problemCodes.map((code) => ({ code, creator: 'AdminProblem', tests: adminTests })),
];

test.each(cases)('the code creates $creator with $code', ({ code: name, creator }) => {
  const creation = new RegExp(String.raw`\b${creator}\(\s*'${name}'`);
  expect(code.some((text) => creation.test(text))).toBe(true);
});

test.each(cases)('a test asserts the code $code of $creator', ({ code: name, tests: texts }) => {
  const assertion = new RegExp(String.raw`['"(\`]${name}['"):\`]`);
  expect(texts.some((text) => assertion.test(text))).toBe(true);
});
