import { failure, wrongUsage } from '../exit.ts';
import type { Context } from '../spec.ts';

/**
 * Asks before a change that cannot be undone at once. `--yes` answers.
 * @throws CliFailure (exit 2) if there is neither `--yes` nor a terminal, so that no script waits for ever
 */
export async function confirm(
  { input, terminal }: Pick<Context, 'input' | 'terminal'>,
  question: string,
): Promise<void> {
  if (input.flag('yes')) return;
  if (!terminal.interactive)
    throw wrongUsage(`${question} There is no terminal to answer at: give --yes to confirm.`);
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(?:es)?$/i.test(answer)) throw failure('Not confirmed: nothing was changed.');
}
