import { failure, wrongUsage } from '../exit.ts';
import type { Context } from '../spec.ts';

/**
 * Asks before something is done that cannot be taken back at once. `--yes` answers; without it and without a
 * terminal it is wrong usage, so that no script waits for ever.
 */
export async function confirm(
  { input, terminal }: Pick<Context, 'input' | 'terminal'>,
  question: string,
): Promise<void> {
  if (input.flag('yes')) return;
  if (!terminal.interactive) throw wrongUsage(`${question} Give --yes where there is no terminal to ask.`);
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(?:es)?$/i.test(answer)) throw failure('Nothing was done.');
}
