/** Failures of the admin commands: one sentence and an exit code. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tree } from '../../cli/tree.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import { exampleWords } from '../fixtures/cli-terminal.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { adminCommands, aliceArn } from './cli-admin-dev.ts';
import { countersign, oneSentence } from './cli-process.ts';
import type { Ended } from './cli-process.ts';

const { dev, run } = adminCommands();

describe('a failure is one sentence on stderr, with its exit code', () => {
  test.each([
    ['no such command', 'mapping list', 2, /unknown command 'mapping'.*mappings/],
    ['no verb', 'clusters', 2, /A command is missing: countersign clusters list\|get/],
    ['a verb that is none', 'clusters destroy demo', 2, /There is no command clusters destroy/],
    ['no argument', 'clusters get', 2, /missing required argument 'cluster'/],
    ['a format that is none', 'clusters list -o xml', 2, /Allowed choices are table, json, yaml/],
    ['no principal', 'mappings put --scope all --username x', 2, /A mapping needs --scope and --arn/],
    [
      'two principals',
      `mappings put --scope all --arn ${aliceArn} --account 111122223333 --username x`,
      2,
      /Give --arn, or/,
    ],
    ['no account', 'mappings put --scope all --permission-set X --username x', 2, /needs --account/],
    ['nobody to deny', 'denials add --reason x', 2, /A denial needs one of/],
    ['no reason', `denials add --arn ${aliceArn}`, 2, /--reason/],
    ['neither cluster nor principal', 'access', 2, /Give -i <cluster> or --arn <arn>/],
    ['both', `access -i demo --arn ${aliceArn}`, 2, /cannot be used with/],
    ['a time that is none', 'changes list --since yesterday', 2, /--since must be a time/],
    ['no --yes', 'clusters delete demo', 2, /give --yes to confirm/],
    ['a file that is not there', 'plan -f nowhere.yaml', 2, /nowhere\.yaml cannot be read \(ENOENT\)/],
    ['a bad cluster id', 'init -i a/b', 2, /A cluster id has/],
    ['no such cluster', 'clusters get nope', 1, /There is no cluster nope\./],
    ['no such set', 'clusters put demo --set nope', 1, /There is no set nope/],
    [
      'a bad ARN',
      'mappings put --scope all --arn x --username y --group z',
      1,
      /principal\.arn: .*\(invalid_input\)/,
    ],
    ['the last admin', 'clusters put demo --disable', 1, /\(last_admin\)/],
  ])('a command fails with one sentence: %s', async (_, line, code, sentence) => {
    const ended = await run(line);
    expect(ended, ended.stderr).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });
});

/** `doctor` needs none of it: it says what is wrong, in its table. */
const admin = allCommands(tree).filter(
  ({ flags, path }) => flags.includes('--endpoint') && path !== 'doctor',
);

describe('a command that cannot reach the admin API', () => {
  const cwd = scratchFolder();
  writeFileSync(join(cwd, 'fleet.yaml'), 'sets: []\n');
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
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    refusing = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const runExample = ({ spec, flags }: (typeof admin)[number], endpoint: string): Promise<Ended> => {
    const words = exampleWords(spec.examples[0]!);
    const yes = flags.includes('--yes') && !words.includes('--yes') ? ['--yes'] : [];
    return countersign([...words, ...yes], { cwd, env: { ...dev().env, COUNTERSIGN_ENDPOINT: endpoint } });
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
            /^countersign: No (?:admin API|review host) is known: set COUNTERSIGN_\w+ .*\n$/,
          ),
        },
        {
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^countersign: The admin API at http:\S+ could not be reached \(ECONNREFUSED\): check the endpoint.*\n$/,
          ),
        },
        { code: 1, stdout: '', stderr: `countersign: ${problem.detail} (forbidden)\n` },
      ]);
    },
  );

  test('commands that failed leave no file behind', () => {
    expect(readdirSync(cwd)).toEqual(['fleet.yaml']);
  });
});
