// @ts-check
/**
 * `node scripts/test-titles.mjs`: lists the test titles that a CI log could not explain, the test files that are too long,
 * the sources with logic that no test is named after, and the lines of tested-elsewhere.mjs that are not true. `--json` prints the same as JSON, for test/architecture/test-titles.test.ts.
 *
 * A title is the chain `describe > test`. It stands alone: subject, condition, expectation.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { testedElsewhere } from './tested-elsewhere.mjs';

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

/**
 * What needs no test of its name, whatever it holds.
 * @type {readonly { glob: RegExp, why: string }[]}
 */
const needNoTest = [
  {
    glob: /^cli\/commands\/(?:.+\/)?spec\.ts$/,
    why: 'data: test/cli/program.test.ts tests all commands by it',
  },
  { glob: /^functions\//, why: 'wiring: test/handlers/functions.test.ts loads each function' },
];

const sources = ['lib', 'cli', 'dev', 'functions'].flatMap(sourcesIn);

/** A file without a branch is data, types or wiring, and needs no test of its name, either. */
const withLogic = new Set(
  sources.filter((source) => branchesOf(source) > 0 && !needNoTest.some(({ glob }) => glob.test(source))),
);

/** Every file that a test imports, directly or not. @param {string} test */
function reachedFrom(test) {
  const reached = new Set([test]);
  for (const file of reached) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import\(|import) ?'(\.[^']+\.ts)'/g,
    )) {
      const target = join(dirname(file), specifier).replaceAll('\\', '/');
      if (existsSync(target)) reached.add(target);
    }
  }
  return reached;
}

/** Tests that run what is built, in a process of its own: imports do not show what they reach. */
const runsBuild = /^test\/e2e\//;

/** Lines of tested-elsewhere.mjs that are not true. */
const untrueLines = () =>
  Object.entries(testedElsewhere).flatMap(([test, listed]) => {
    if (!existsSync(test)) return [`${test} does not exist`];
    const reached = runsBuild.test(test) ? undefined : reachedFrom(test);
    return listed.flatMap((source) => {
      if (!existsSync(source)) return [`${source} does not exist`];
      if (hasTest(source)) return [`${source} has a test of its name`];
      if (!withLogic.has(source)) return [`${source} needs no test of its name`];
      return reached?.has(source) === false ? [`${test} does not import ${source}`] : [];
    });
  });

const withoutTest = () => {
  const listed = new Set(Object.values(testedElsewhere).flat());
  return [...withLogic].filter((source) => !hasTest(source) && !listed.has(source));
};

/** The generators of vectors hold long tables. */
const files = sourcesIn('test').filter((file) => !file.startsWith('test/vectors/'));
const report = {
  titles: titles(listTests()),
  it: usesOfIt(files),
  long: longFiles(files),
  withoutTest: withoutTest(),
  testedElsewhere: untrueLines(),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else {
  for (const [what, lines] of Object.entries(report)) {
    console.log(`\n${what}: ${lines.length}`);
    for (const line of lines) console.log(`  ${line}`);
  }
}
