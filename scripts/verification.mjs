// @ts-check
/**
 * `npm run verification`: prints the figures of what was proven, and writes them into docs/verification.md between its markers.
 * Runs the fuzzers as `npm test` does; `-- --full` as `npm run test:full` does. The mutation score is that of the last
 * `npm run test:mutation`, if its sources are unchanged.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const page = 'docs/verification.md';
const folder = 'reports';
const isFull = process.argv.includes('--full');

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
/** @param {number} value */
const figure = (value) => value.toLocaleString('en');

/** @param {string[]} args */
function vitest(args) {
  const { stdout, status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1', ...(isFull ? { COUNTERSIGN_TEST: 'full' } : {}) },
  });
  return { stdout, passed: status === 0 };
}

/**
 * @param {readonly string[]} names
 * @param {readonly (readonly (string | number)[])[]} rows
 */
const table = (names, rows) =>
  [names, names.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function measuredAt() {
  /** @param {string[]} args */
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'lib', 'functions', 'test') !== '';
  return `commit \`${git('rev-parse', '--short=12', 'HEAD')}\`${changed ? ' and changes that were not committed' : ''}`;
}

/** Every test there is, `test.each` written out. */
function countTests() {
  const path = join(folder, 'tests.json');
  vitest(['list', `--json=${path}`]);
  const tests = readJson(path);
  const files = new Set(tests.map((/** @type {{ file: string }} */ { file }) => file));
  return `${figure(tests.length)} tests in ${figure(files.size)} files.`;
}

/** @param {'threat' | 'rule'} by */
function corpusBy(by) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const { tokens } = readJson('test/vectors/hostile-tokens.json');
  for (const token of tokens) sizes.set(token[by], (sizes.get(token[by]) ?? 0) + 1);
  const rows = [...sizes].map(([name, size]) => /** @type {const} */ ([name, size]));
  return table(
    [by === 'threat' ? 'threat class' : 'rule of the grammar', 'tokens'],
    [...rows, ['**all**', `**${tokens.length}**`]],
  );
}

/** The sizes as the tests write them: `cases(quick, full)`. */
function propertySizes() {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).toSorted();
  const rows = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('scale.ts'))
    .flatMap((file) => {
      const source = readFileSync(join('test', file), 'utf8');
      const sizes = [...source.matchAll(/\bcases\(([\d_]+), ([\d_]+)\)/g)];
      return sizes.map(([, quick = '', full = '']) => {
        const [few, many] = [quick, full].map((text) => figure(Number(text.replaceAll('_', ''))));
        return [`\`test/${file.replaceAll(sep, '/')}\``, few ?? '', many ?? ''];
      });
    });
  return table(['file', '`npm test`', '`npm run test:full`'], rows);
}

/** Runs the fuzzers: their outcomes and, from what they print, the time of the parser. */
function runFuzzers() {
  const path = join(folder, 'fuzz.json');
  const { stdout, passed } = vitest([
    'run',
    'test/fuzz',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
  ]);
  const rows = readJson(path).testResults.flatMap(
    (/** @type {{ name: string, assertionResults: any[] }} */ { name, assertionResults }) =>
      assertionResults.map(({ fullName, status, duration = 0 }) => [
        `\`${relative('test/fuzz', name).replaceAll(sep, '/')}\``,
        fullName,
        status,
        `${(duration / 1000).toFixed(1)} s`,
      ]),
  );
  const time = /parse, 16 KB inputs: (.*)/.exec(stdout)?.[1] ?? 'not printed: see the test';
  return {
    passed,
    time,
    worlds: /in (\d+) random worlds/.exec(rows.flat().join('\n'))?.[1] ?? '0',
    rows: table(['fuzzer', 'what holds', 'outcome', 'time'], rows),
  };
}

/** The score of the last mutation run, part by part; `undefined`: there is none, or it is of other sources. */
function mutationScore() {
  const path = join(folder, 'mutation.json');
  if (!existsSync(path)) return undefined;
  /** @type {Record<string, { source: string, mutants: { status: string }[] }>} */
  const files = readJson(path).files;
  const names = Object.keys(files);
  if (names.some((name) => !existsSync(name) || readFileSync(name, 'utf8') !== files[name]?.source)) {
    return undefined;
  }
  /** @param {string} label @param {(name: string) => boolean} isPart */
  const row = (label, isPart) => {
    const mutants = names.filter(isPart).flatMap((name) => files[name]?.mutants ?? []);
    /** @param {string[]} wanted */
    const count = (...wanted) => mutants.filter(({ status }) => wanted.includes(status)).length;
    const killed = count('Killed', 'Timeout');
    const survived = count('Survived', 'NoCoverage');
    const score = ((100 * killed) / (killed + survived)).toFixed(1);
    return [label, figure(killed + survived), figure(killed), figure(survived), `${score} %`];
  };
  const parts = [...new Set(names.map((name) => name.split('/').slice(0, 2).join('/')))].toSorted();
  return table(
    ['part', 'mutants', 'killed', 'survived', 'score'],
    [
      ...parts.map((part) => row(`\`${part}\``, (name) => name === part || name.startsWith(`${part}/`))),
      row('**all**', () => true),
    ],
  );
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} content
 */
function between(text, name, content) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = [text.split(start)[0], text.split(end)[1]];
  if (before === undefined || rest === undefined) throw new Error(`${page} has no markers for ${name}.`);
  return `${before}${start}\n\n${content}\n\n${end}${rest}`;
}

mkdirSync(folder, { recursive: true });
const commit = measuredAt();
const fuzz = runFuzzers();
const [run, size] = isFull ? ['npm run test:full', '1,000,000'] : ['npm test', '100,000'];
const figures = [
  `Measured at ${commit}, with the sizes of \`${run}\`, on Node.js ${process.version}.`,
  `**Tests.** ${countTests()}`,
  `**Parse time of the largest inputs (16 KB).** ${fuzz.time}; the limit is 5 ms at p99.`,
  `**Reference model.** ${figure(Number(fuzz.worlds))} random worlds, ${fuzz.passed ? '0 differences' : 'NOT PASSED'}.`,
  `**Fuzzers.** ${size} cases for the grammar and ${size} answers of STS, each with its seed; all of \`test/fuzz\`: ${fuzz.passed ? 'passed' : 'NOT PASSED'}.`,
  fuzz.rows,
  '**Hostile corpus**, by threat class and by the rule that refuses it.',
  corpusBy('threat'),
  corpusBy('rule'),
  '**Sizes of the property runs**, as the tests state them; `test/fuzz/budget.ts` is that of the grammar and that of the answers of STS.',
  propertySizes(),
].join('\n\n');
const score = mutationScore();
const mutation = score && `Measured on the sources of ${commit}.\n\n${score}`;

console.log(figures);
console.log(`\n${mutation ?? 'Mutation score: no report of these sources. Run npm run test:mutation.'}`);
const written = between(readFileSync(page, 'utf8'), 'figures', figures);
writeFileSync(page, mutation === undefined ? written : between(written, 'mutation score', mutation));
process.exitCode = fuzz.passed ? 0 : 1;
