/** Every command that calls the admin API, without an endpoint and with one that is down. */
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { tree } from '../../../cli/tree.ts';
import { allCommands } from '../../fixtures/cli-commands.ts';
import { exampleWords, quietTerminal } from '../../fixtures/cli-terminal.ts';

const admin = allCommands(tree).filter(
  ({ flags, path }) => flags.includes('--endpoint') && path !== 'doctor',
);

describe('every command that needs the admin API', () => {
  const runExample = async (path: string, env: Record<string, string>): Promise<unknown> => {
    const { spec } = admin.find((command) => command.path === path)!;
    const around = {
      terminal: quietTerminal(),
      env: { ...env, AWS_ACCESS_KEY_ID: 'AKIA0', AWS_SECRET_ACCESS_KEY: 'x' },
      now: Date.now,
    };
    // --yes: a command that deletes would ask first.
    const yes = admin.find((command) => command.path === path)!.flags.includes('--yes') ? ['--yes'] : [];
    const words = exampleWords(spec.examples[0]!)
      .filter((word) => word !== '--yes')
      .map((word) => (word === 'fleet.yaml' ? 'package.json' : word));
    return createProgram(tree, '0', around, () => {})
      .parseAsync([...words, ...yes], { from: 'user' })
      .catch((error: unknown) => error);
  };

  test.each(admin.map(({ path }) => path))(
    'countersign %s names the variable to set if there is no endpoint, and the host if it is down',
    async (path) => {
      const unset = await runExample(path, {});
      expect(unset).toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/^No (?:admin API|review host) is known: set COUNTERSIGN_/),
      });
      const down = await runExample(path, { COUNTERSIGN_ENDPOINT: 'http://127.0.0.1:1' });
      expect(down).toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(/could not be reached \(ECONNREFUSED\)/),
      });
    },
  );
});
