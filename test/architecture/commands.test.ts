/** Every command is in the file of its name, reads its options and no others, and is run by a test. */
import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { tree } from '../../cli/tree.ts';
import { readSources } from '../../scripts/code/sources.mjs';
import { allCommands } from '../fixtures/cli-commands.ts';

const sources = new Map(readSources().map((source) => [source.path, source]));

/** `sets put` is `cli/commands/sets/put.ts`, `doctor` is `cli/commands/doctor/doctor.ts`. */
const fileOf = (path: string): string => {
  const [noun = '', ...verbs] = path.split(' ');
  return `cli/commands/${[noun, ...(verbs.length === 0 ? [noun] : verbs)].join('/')}.ts`;
};

/** The file and every file of the command line that it needs to run. */
function filesOf(file: string): ReadonlySet<string> {
  const reached = new Set([file]);
  for (const path of reached)
    for (const { path: next, kind } of sources.get(path)?.imports ?? [])
      if (next?.startsWith('cli/') && kind !== 'type') reached.add(next);
  return reached;
}

/** Names of options that a file reads from its `Input`. */
const readIn = (file: string): readonly string[] =>
  [...(sources.get(file)?.text.matchAll(/\.(?:text|required|flag|list|integer)\(\s*'(\w+)'/g) ?? [])].flatMap(
    ([, name]) => name ?? [],
  );

const commands = allCommands(tree).flatMap(({ path, spec }) =>
  spec.load === undefined ? [] : [{ path, file: fileOf(path), options: spec.options ?? [] }],
);
const nameOf = ({ flags }: { readonly flags: string }): string => new Option(flags).attributeName();

describe.each(commands)('the command $path', ({ file, options }) => {
  const names = options.map(nameOf);

  test(`is in ${file}, and reads every option of its spec`, () => {
    expect(existsSync(file)).toBe(true);
    const read = new Set([...filesOf(file)].flatMap(readIn));
    expect(names.filter((name) => !read.has(name))).toEqual([]);
  });

  test('reads no option that its spec does not have', () => {
    expect(readIn(file).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('excludes only options that its spec has', () => {
    const excluded = options.flatMap(({ conflicts }) => conflicts ?? []);
    expect(excluded.filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** A process runs the command: its words begin a string, or a list of strings. */
function isRunIn(text: string, path: string): boolean {
  const words = path.replaceAll(' ', String.raw`(?: |['"\`],\s*['"\`])`);
  return text.search(new RegExp(String.raw`[([]\s*['"\`]${words}(?:['"\`]| )`)) >= 0;
}

const importers = [...sources.values()].filter(({ path }) => path.startsWith('test/cli/'));
const runners = [...sources.values()].filter(({ path }) => path.startsWith('test/e2e/'));

test.each(commands)('a test runs the command $path', ({ path, file }) => {
  const found = [
    ...importers.filter(({ imports }) => imports.some((imported) => imported.path === file)),
    ...runners.filter(({ text }) => isRunIn(text, path)),
  ];
  expect(found).not.toEqual([]);
});
