import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/run.ts';
import { tree } from '../../cli/tree.ts';
import { alice } from '../e2e/cli-process.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import { exampleWords, quietTerminal } from '../fixtures/cli-terminal.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `doctor` needs none of it: it reports what is wrong in its table. */
const admin = allCommands(tree).filter(
  ({ flags, path }) => flags.includes('--endpoint') && path !== 'doctor',
);

describe('a command that cannot reach the admin API', () => {
  const cwd = scratchFolder();
  const problem = {
    type: 'about:blank',
    title: 'The caller may not do this',
    status: 403,
    code: 'forbidden',
    detail: 'user/alice is no admin: ask one.',
  };
  const server = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem));
  });
  let refusing = '';
  const before = process.cwd();
  beforeAll(async () => {
    writeFileSync(join(cwd, 'fleet.yaml'), 'sets: []\n');
    process.chdir(cwd);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    refusing = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    process.chdir(before);
    server.close();
  });

  const runExample = async ({ spec, flags }: (typeof admin)[number], endpoint: string): Promise<Ended> => {
    const words = exampleWords(spec.examples[0]!);
    const yes = flags.includes('--yes') && !words.includes('--yes') ? ['--yes'] : [];
    const terminal = quietTerminal();
    const env = { ...alice, AWS_REGION: 'us-east-1', HOME: cwd, COUNTERSIGN_ENDPOINT: endpoint };
    const code = await runCommand([...words, ...yes], { terminal, env, now: Date.now });
    return { code, stdout: terminal.written.join(''), stderr: terminal.said.join('\n') };
  };

  test.each(admin.map((command) => [command.path, command] as const))(
    '%s fails with one sentence if the admin API is unknown, down or refuses',
    async (_, command) => {
      const ended = await Promise.all(
        ['', 'http://127.0.0.1:1', refusing].map((url) => runExample(command, url)),
      );
      expect(ended).toEqual([
        {
          code: 2,
          stdout: '',
          stderr: expect.stringMatching(
            /^countersign: No (?:admin API|review host) is known: set COUNTERSIGN_\w+ .*$/,
          ),
        },
        {
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^countersign: The admin API at http:\S+ could not be reached \(ECONNREFUSED\): check the endpoint.*$/,
          ),
        },
        { code: 1, stdout: '', stderr: `countersign: ${problem.detail} (forbidden)` },
      ]);
    },
  );

  test('commands that failed leave no file behind', () => {
    expect(readdirSync(cwd)).toEqual(['fleet.yaml']);
  });
});
