import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { completionEntries } from './entries.ts';
import type { CompletionEntry } from './entries.ts';
import { zshCompletion } from './zsh.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import type { Run } from '../../spec.ts';
import { tree } from '../../tree.ts';

const shells: Readonly<Record<string, (entries: readonly CompletionEntry[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const run: Run = async ({ input, terminal }) => {
  const render = shells[input.argument(0) ?? ''];
  if (render === undefined) throw wrongUsage('There are completions for bash, zsh and fish.');
  terminal.data(render(completionEntries(tree)));
  return exitCodes.done;
};
