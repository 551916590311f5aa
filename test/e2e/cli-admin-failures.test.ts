/** Failures of the admin commands: one sentence and an exit code. */
import { describe, expect, test } from 'vitest';
import { adminCommands, aliceArn } from './cli-admin-dev.ts';
import { oneSentence } from './cli-process.ts';

const { run } = adminCommands();

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
