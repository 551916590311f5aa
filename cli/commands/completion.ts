import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completionEntries } from '../completion/entries.ts';
import type { CompletionEntry } from '../completion/entries.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { exitCodes, wrongUsage } from '../exit.ts';
import type { Run } from '../spec.ts';
import { tree } from '../tree.ts';

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
