/** The command tree, its help, its examples and docs/cli.md say the same. */
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../cli/program.ts';
import type { CommandSpec } from '../../cli/spec.ts';
import { tree } from '../../cli/tree.ts';
import { allCommands, cliReference } from '../fixtures/cli-reference.ts';
import { exampleWords, quietTerminal } from '../fixtures/cli-terminal.ts';

const commands = allCommands(tree);
const leaves = commands.filter(({ spec }) => spec.load !== undefined);

/** The tree with commands that say that they ran. */
const harmless = (specs: readonly CommandSpec[], ran: (name: string) => void): readonly CommandSpec[] =>
  specs.map((spec) =>
    spec.load === undefined
      ? { ...spec, commands: harmless(spec.commands, ran) }
      : { ...spec, load: () => Promise.resolve(() => (ran(spec.name), Promise.resolve(0 as const))) },
  );

describe('the command tree', () => {
  it('is what docs/cli.md says', async () => {
    await expect(cliReference(tree)).toMatchFileSnapshot('../../docs/cli.md');
  });

  it.each(leaves.map(({ path, spec }) => [path, spec] as const))(
    'has examples that parse: %s',
    async (path, spec) => {
      expect(spec.examples.length).toBeGreaterThan(0);
      for (const example of spec.examples) {
        const ran: string[] = [];
        const program = makeProgram(
          harmless(tree, (name) => ran.push(name)),
          '0.0.0',
          { terminal: quietTerminal(), env: {}, now: Date.now },
          () => {},
        );
        await program.parseAsync(exampleWords(example), { from: 'user' });
        expect(ran, example).toEqual([path.split(' ').at(-1)]);
      }
    },
  );

  it('gives one flag one meaning: the same short flag is never two things in one command', () => {
    for (const { path, flags } of leaves) expect(new Set(flags).size, path).toBe(flags.length);
  });

  it('loads each command’s module, which gives a function', async () => {
    for (const { spec } of leaves) expect(typeof (await spec.load!())).toBe('function');
  });

  it('summarises in one line without a full stop', () => {
    for (const { path, spec } of commands)
      expect(spec.summary, path).toMatch(/^(?:[a-z]|IAM)[^\n]{5,100}[^.\n]$/);
  });
});
