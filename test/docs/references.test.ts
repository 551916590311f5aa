/** Files, names, sections and scripts that comments and pages name exist in this repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources } from '../../scripts/code/sources.mjs';

interface Text {
  readonly path: string;
  readonly text: string;
}

const skipped = /(?:^|[/\\])(?:node_modules|dist|coverage|reports|\.[^/\\]+)(?:[/\\]|$)/;
const files: readonly string[] = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((file) => !skipped.test(file))
  .map((file) => file.replaceAll('\\', '/'));
const there = new Set(files);
const sources = readSources();
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Figures of docs/verification.md, which name the files of the commit that they were measured at. */
const measured = /<!-- (figures|mutation score) -->[^]*?<!-- end of \1 -->/g;
const pages: readonly Text[] = files
  .filter((file) => file.endsWith('.md') && !file.startsWith('test/'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8').replaceAll(measured, '') }));
const comments: readonly Text[] = sources.flatMap(({ path, parsed }) =>
  parsed.comments.map(({ value }) => ({ path, text: value.replaceAll(/\s*\n\s*\* ?/g, ' ') })),
);

/** What a pattern finds and `exists` denies, with the place of it. */
const broken = (
  texts: readonly Text[],
  pattern: RegExp,
  exists: (groups: readonly string[], path: string) => boolean,
): string[] =>
  texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].flatMap(([all, ...groups]) =>
      exists(groups, path) ? [] : [`${path}: ${all}`],
    ),
  );

/** A path from the root, beside the file that names it, or the end of a path. Placeholders are not checked: `KIND.ts`, `a/b.ts`. */
const isFile = (name: string, from: string): boolean =>
  /[A-Z]{2}|\ba\/b\b/.test(name) ||
  there.has(name.replace(/\/$/, '')) ||
  there.has(posix.join(posix.dirname(from), name)) ||
  files.some((file) => file.endsWith(`/${name}`));

const folders = 'lib|cli|dev|functions|test|docs|infra|bench|scripts';

describe('files', () => {
  test('every source file that a comment names exists', () => {
    const pattern = /(?<![\w/-])((?:[\w.@-]+\/)*[\w-][\w.-]*\.(?:ts|md))\b/g;
    expect(broken(comments, pattern, ([name = ''], path) => isFile(name, path))).toEqual([]);
  });

  test('every path that a comment or a page quotes exists', () => {
    const pattern = new RegExp(`\`((?:${folders})/[\\w./@-]*)\``, 'g');
    expect(broken([...pages, ...comments], pattern, ([name = '']) => isFile(name, ''))).toEqual([]);
  });

  test('every decision that is named exists', () => {
    const exists = ([number = '']: readonly string[]): boolean =>
      files.some((file) => file.startsWith(`docs/decisions/${number.padStart(4, '0')}-`));
    const pattern = /(?:docs\/decisions\/|\bdecision )(\d+)/g;
    expect(broken([...pages, ...comments], pattern, exists)).toEqual([]);
  });
});

describe('names', () => {
  test('every {@link name} is declared or imported in its file', () => {
    const codeOf = new Map(
      sources.map(({ path, text, parsed }) => {
        const spans = parsed.comments.map(({ start, end }) => text.slice(start, end));
        return [path, spans.reduce((code, comment) => code.replace(comment, ''), text)];
      }),
    );
    const exists = ([name = '']: readonly string[], path: string): boolean =>
      new RegExp(`\\b${name}\\b`).test(codeOf.get(path) ?? '');
    expect(broken(comments, /\{@link (\w+)[^}]*\}/g, exists)).toEqual([]);
  });

  test('every name that is quoted with its file is in that file', () => {
    const pattern = /`(\w+)(?:\(\))?`,? (?:in|of) `((?:\w[\w-]*\/)+[\w.-]+\.(?:ts|mjs))`/g;
    const exists = ([name = '', file = '']: readonly string[]): boolean =>
      existsSync(file) && new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8'));
    expect(broken([...pages, ...comments], pattern, exists)).toEqual([]);
  });

  test('every script of npm that is named exists', () => {
    const exists = ([name = '']: readonly string[]): boolean => name in scripts;
    expect(broken([...pages, ...comments], /npm run (?:--silent )?([a-z][\w:]*)/g, exists)).toEqual([]);
  });
});

describe('sections', () => {
  test('every section of a page that a comment names exists', () => {
    const pattern = /(docs\/[\w-]+\.md),? (?:section )?"([^"]+)"/g;
    const exists = ([page = '', title = '']: readonly string[]): boolean =>
      existsSync(page) && readFileSync(page, 'utf8').includes(`# ${title}\n`);
    expect(broken([...pages, ...comments], pattern, exists)).toEqual([]);
  });

  test('no comment refers to a design or a numbered section that is not in the repository', () => {
    const pattern = /\bdesign,? section\b|\bthe design\b|\(design\b|\(section \d|\bsection \d+ of\b/gi;
    expect(broken([...pages, ...comments], pattern, () => false)).toEqual([]);
  });
});

test('the checks see the files that git tracks', () => {
  const tracked = execFileSync('git', ['ls-files', 'lib', 'docs'], { encoding: 'utf8' }).trim().split('\n');
  expect(tracked.filter((file) => existsSync(file) && !there.has(file))).toEqual([]);
});
