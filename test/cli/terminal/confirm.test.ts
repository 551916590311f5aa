import { describe, expect, test } from 'vitest';
import { createInput } from '../../../cli/input.ts';
import { confirm } from '../../../cli/terminal/confirm.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

const context = (answer: string | undefined, yes = false) => ({
  input: createInput({ yes }, []),
  terminal: {
    ...quietTerminal(),
    interactive: answer !== undefined,
    ask: () => (answer === undefined ? Promise.reject(new Error('asked')) : Promise.resolve(answer)),
  },
});

describe('confirm', () => {
  test.each(['y', 'Y', 'yes', 'YES'])('the answer %s confirms', async (answer) => {
    await expect(confirm(context(answer), 'Delete?')).resolves.toBeUndefined();
  });

  test.each(['', 'n', 'no', 'yeah', 'delete'])('the answer %j does not confirm', async (answer) => {
    await expect(confirm(context(answer), 'Delete?')).rejects.toMatchObject({
      exitCode: 1,
      message: 'Not confirmed: nothing was changed.',
    });
  });

  test('--yes confirms without asking', async () => {
    await expect(confirm(context(undefined, true), 'Delete?')).resolves.toBeUndefined();
  });

  test('without --yes and without a terminal it is wrong usage', async () => {
    await expect(confirm(context(undefined), 'Delete?')).rejects.toMatchObject({
      exitCode: 2,
      message: 'Delete? There is no terminal to answer at: give --yes to confirm.',
    });
  });
});
