import { exitCodes, wrongUsage } from '../../exit.ts';
import type { CommandSpec, Run } from '../../spec.ts';
import { bashCompletion } from './bash.ts';
import { completionEntries } from './entries.ts';
import type { CompletionEntry } from './entries.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const shells: Readonly<Record<string, (entries: readonly CompletionEntry[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The command that prints a completion script for the commands of `tree`. */
export const completionOf =
  (tree: readonly CommandSpec[]): Run =>
  async ({ input, terminal }) => {
    const render = shells[input.requiredArgument(0)];
    if (render === undefined) throw wrongUsage('Completion scripts exist for bash, zsh and fish only.');
    terminal.data(render(completionEntries(tree)));
    return exitCodes.done;
  };
