import type { CommandSpec } from '../../spec.ts';

/** `tree` is called when the command runs: the tree includes this command. */
export const completionCommand = (tree: () => readonly CommandSpec[]): CommandSpec => ({
  name: 'completion',
  summary: 'print a completion script for a shell',
  arguments: [{ name: '<shell>', help: 'the shell', choices: ['bash', 'zsh', 'fish'] }],
  examples: [
    'source <(countersign completion bash)',
    'countersign completion zsh > "${fpath[1]}/_countersign"',
    'countersign completion fish > ~/.config/fish/completions/countersign.fish',
  ],
  load: async () => (await import('./completion.ts')).completionOf(tree()),
});
