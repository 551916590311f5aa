// @ts-check
/**
 * `node scripts/test-titles.mjs`: lists the test titles that a CI log could not explain, the test files that are too long,
 * and the sources that no test is named after. `--json` prints the same as JSON, for test/architecture/test-titles.test.ts.
 *
 * A title is the chain `describe > test`. It stands alone: subject, condition, expectation.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

const mostLines = 300;
/** Words that lean on the title before. */
const leaning = /^(?:and|or|nor|but|the same)\b/i;

/** @param {string} folder */
const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .toSorted();

/** @typedef {{ name: string; file: string; location: { line: number } }} Listed */

/**
 * Parsed, not run: a row of `test.each` keeps its placeholders.
 *
 * @returns {Listed[]}
 */
function listTests() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-titles-'));
  try {
    const path = join(folder, 'titles.json');
    execFileSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'list', '--static-parse', `--json=${path}`],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return JSON.parse(readFileSync(path, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} title */
const wordsOf = (title) => title.split(/\s+/).filter((word) => /[\p{L}\p{N}%$]/u.test(word)).length;

/**
 * What is wrong with one title; nothing is good.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function titleProblems(name) {
  const chain = name.split(' > ');
  const own = chain.at(-1) ?? '';
  return [
    ...(wordsOf(own) <= 2 ? ['one or two words'] : []),
    ...(wordsOf(name) <= 3 ? ['three words with its describe'] : []),
    ...chain.filter((part) => leaning.test(part)).map((part) => `begins with "${part.split(' ')[0]}"`),
  ];
}

/** @param {readonly Listed[]} tests */
function titles(tests) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return tests.flatMap(({ name, file, location }) => {
    const at = relative(process.cwd(), file);
    const key = `${at} ${name}`;
    const earlier = seen.get(key);
    seen.set(key, location.line);
    const problems = [
      ...titleProblems(name),
      ...(earlier === undefined ? [] : [`the title of line ${earlier}, too`]),
    ];
    return problems.map((problem) => `${at}:${location.line} ${problem}: ${name}`);
  });
}

/** @param {readonly string[]} files */
const usesOfIt = (files) =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        /^\s*it(?:\.\w+)*\(/.test(line) ? [`${file}:${at + 1} it instead of test`] : [],
      ),
  );

/** @param {readonly string[]} files */
const longFiles = (files) =>
  files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    return lines > mostLines ? [`${file} has ${lines} lines`] : [];
  });

/** Branches, roughly: what a file without any holds is data, types or wiring.
 *
 * @param {string} file */
const branchesOf = (file) =>
  readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .match(/\bif \(|\bfor \(|\bwhile \(|\bcase |\? |\?\? |&& |\|\| /g)?.length ?? 0;

/** The test of `lib/a/b.ts` is `test/lib/a/b.test.ts`, `test/lib/a/b-ASPECT.test.ts` or a test in `test/lib/a/b/`.
 *
 * @param {string} source */
function hasTest(source) {
  const folder = join('test', dirname(source));
  const name = basename(source, '.ts');
  const isTest = (/** @type {string} */ file) => file.endsWith('.test.ts');
  if (existsSync(join(folder, name)) && readdirSync(join(folder, name)).some(isTest)) return true;
  return (
    existsSync(folder) &&
    readdirSync(folder).some(
      (file) => isTest(file) && (file === `${name}.test.ts` || file.startsWith(`${name}-`)),
    )
  );
}

const withoutTest = () =>
  ['lib', 'cli', 'dev', 'functions']
    .flatMap(sourcesIn)
    .filter((source) => !hasTest(source))
    .map((source) => ({ source, branches: branchesOf(source) }))
    .toSorted((a, b) => b.branches - a.branches);

/** The generators of vectors hold long tables. */
const files = sourcesIn('test').filter((file) => !file.startsWith('test/vectors/'));
const report = {
  titles: titles(listTests()),
  it: usesOfIt(files),
  long: longFiles(files),
  withoutTest: withoutTest(),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else {
  const { withoutTest: untested, ...lists } = report;
  for (const [what, lines] of Object.entries(lists)) {
    console.log(`\n${what}: ${lines.length}`);
    for (const line of lines) console.log(`  ${line}`);
  }
  console.log(`\nsources without a test of their name: ${untested.length} (branches, file)`);
  for (const { source, branches } of untested) console.log(`  ${String(branches).padStart(3)} ${source}`);
}
