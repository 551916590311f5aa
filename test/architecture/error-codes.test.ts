/** Every code of a review and of the admin API is returned by the code, and asserted by a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemCodes } from '../../lib/admin/problem.ts';
import { callerErrorCodes, deniedCodes, unavailableCodes } from '../../lib/errors.ts';
import { readSources } from '../../scripts/code/sources.mjs';

const sources = readSources();
const textsIn = (folders: readonly string[], isWanted: (path: string) => boolean): readonly string[] =>
  sources
    .filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)) && isWanted(path))
    .map(({ text }) => text);

const libraryTexts = textsIn(['lib'], () => true);
const folders = ['handlers', 'lib', 'e2e', 'fixtures', 'cli', 'fuzz'].map((folder) => `test/${folder}`);
const adminTests = textsIn(folders, (path) => path.includes('admin'));
const reviewTests = [
  ...textsIn(folders, (path) => !path.includes('admin')),
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
  expect(libraryTexts.some((text) => text.search(creation) >= 0)).toBe(true);
});

test.each(cases)('a test asserts the code $code of $creator', ({ code: name, tests: texts }) => {
  const assertion = new RegExp(String.raw`['"(\`]${name}['"):\`]`);
  expect(texts.some((text) => text.search(assertion) >= 0)).toBe(true);
});
