/** Completions know every command and option, and are scripts that their shells take. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bashCompletion } from '../../../../cli/commands/completion/bash.ts';
import { completionOf } from '../../../../cli/commands/completion/completion.ts';
import { completionEntries } from '../../../../cli/commands/completion/entries.ts';
import { fishCompletion } from '../../../../cli/commands/completion/fish.ts';
import { zshCompletion } from '../../../../cli/commands/completion/zsh.ts';
import { tree } from '../../../../cli/tree.ts';
import { commandContext } from '../../../fixtures/admin-answers.ts';
import { allCommands } from '../../../fixtures/cli-commands.ts';

const entries = completionEntries(tree);
const scripts = { bash: bashCompletion(entries), zsh: zshCompletion(entries), fish: fishCompletion(entries) };
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

test.each(['zsh', 'fish'] as const)('the completion script for %s has every command and option', (shell) => {
  for (const { path, flags } of allCommands(tree)) {
    expect(scripts[shell]).toContain(path.split(' ').at(-1));
    for (const flag of flags) expect(scripts[shell]).toContain(flag.replace(/^-+/, ''));
  }
});

test.each(['bash', 'zsh', 'fish'] as const)('%s parses its completion script without an error', (shell) => {
  if (!has(shell)) return;
  expect(spawnSync(shell, ['-n', '-c', scripts[shell]], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test.each(['bash', 'zsh', 'fish'] as const)(
  'completion %s prints the script for this shell',
  async (shell) => {
    const context = commandContext({}, [shell]);
    expect(await completionOf(tree)(context)).toBe(0);
    expect(context.terminal.written).toEqual([scripts[shell]]);
  },
);
