/** The command tree is complete and consistent, and its examples parse. */
import { describe, expect, test } from 'vitest';
import type { Input } from '../../cli/input.ts';
import { createProgram } from '../../cli/program.ts';
import type { CommandSpec } from '../../cli/spec.ts';
import { tree } from '../../cli/tree.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import { exampleWords, quietTerminal } from '../fixtures/cli-terminal.ts';

const commands = allCommands(tree);
const leaves = commands.filter(({ spec }) => spec.load !== undefined);

/** The tree with commands that only report that they ran. */
const harmless = (
  specs: readonly CommandSpec[],
  onRun: (name: string, input: Input) => void,
): readonly CommandSpec[] =>
  specs.map((spec) =>
    spec.load === undefined
      ? { ...spec, commands: harmless(spec.commands, onRun) }
      : {
          ...spec,
          load: () => Promise.resolve(({ input }) => (onRun(spec.name, input), Promise.resolve(0 as const))),
        },
  );

const parse = (words: readonly string[], onRun: (name: string, input: Input) => void): Promise<unknown> =>
  createProgram(
    harmless(tree, onRun),
    '0.0.0',
    { terminal: quietTerminal(), env: {}, now: Date.now },
    () => {},
  ).parseAsync([...words], { from: 'user' });

describe('the command tree', () => {
  test.each(leaves.map(({ path, spec }) => [path, spec] as const))(
    'every example of %s parses and runs that command',
    async (path, spec) => {
      expect(spec.examples.length).toBeGreaterThan(0);
      for (const example of spec.examples) {
        const ran: string[] = [];
        await parse(exampleWords(example), (name) => ran.push(name));
        expect(ran, example).toEqual([path.split(' ').at(-1)]);
      }
    },
  );

  test('no command has two options with the same flag', () => {
    for (const { path, flags } of leaves) expect(new Set(flags).size, path).toBe(flags.length);
  });

  test('every command loads a module that exports a function', async () => {
    for (const { spec } of leaves) expect(typeof (await spec.load!())).toBe('function');
  });

  test('every summary is one line without a full stop', () => {
    for (const { path, spec } of commands)
      expect(spec.summary, path).toMatch(/^(?:[a-z]|IAM)[^\n]{5,100}[^.\n]$/);
  });
});

describe('options that repeat', () => {
  const listOf = async (line: string, name: string): Promise<readonly string[] | undefined> => {
    const lists: (readonly string[] | undefined)[] = [];
    await parse(line.split(' '), (_, input) => lists.push(input.list(name)));
    return lists[0];
  };
  const profiles = 'arn:aws:iam::111122223333:instance-profile';

  test.each([
    ['repeated', '--group a --group b', ['a', 'b']],
    ['with commas', '--group a,b --group c', ['a', 'b', 'c']],
    ['with an empty value', '--group ,', []],
    ['absent', '--username x', undefined],
  ])('--group %s is read as a list', async (_, options, expected) => {
    expect(await listOf(`mappings put ${options}`, 'group')).toEqual(expected);
  });

  test('an ARN with a comma in --instance-profile is one value', async () => {
    const line = `mappings put --instance-profile ${profiles}/a,b --instance-profile ${profiles}/c`;
    expect(await listOf(line, 'instanceProfile')).toEqual([`${profiles}/a,b`, `${profiles}/c`]);
  });

  test('no option for ARNs splits its value at commas', () => {
    const arns = leaves
      .flatMap(({ spec }) => (spec.load === undefined ? [] : (spec.options ?? [])))
      .filter(({ flags }) => flags.includes('<arn>'));
    expect(arns.filter(({ repeat }) => repeat === 'commas')).toEqual([]);
  });
});
