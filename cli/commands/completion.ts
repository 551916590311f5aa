import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completionEntries } from '../completion/entries.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { exitCodes, wrongUsage } from '../exit.ts';
import type { Run } from '../spec.ts';
import { tree } from '../tree.ts';

export const run: Run = async ({ input, terminal }) => {
  const entries = completionEntries(tree);
  const shell = input.argument(0);
  switch (shell) {
    case 'bash':
      terminal.data(bashCompletion(entries));
      break;
    case 'zsh':
      terminal.data(zshCompletion(entries));
      break;
    case 'fish':
      terminal.data(fishCompletion(entries));
      break;
    default:
      throw wrongUsage('There are completions for bash, zsh and fish.');
  }
  return exitCodes.done;
};
