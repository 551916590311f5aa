import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bashCompletion } from '../../../../cli/commands/completion/bash.ts';
import { completionEntries } from '../../../../cli/commands/completion/entries.ts';
import { tree } from '../../../../cli/tree.ts';
import { allCommands } from '../../../fixtures/cli-commands.ts';

const script = bashCompletion(completionEntries(tree));
const hasBash = spawnSync('bash', ['-c', 'exit 0']).status === 0;

const bash = (line: string): string[] => {
  const words = line.split(' ');
  const program = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n').filter(Boolean);
};

describe.skipIf(!hasBash)('completion in bash', () => {
  test.each([
    ['countersign clu', ['clusters']],
    ['countersign clusters to', ['tokens']],
    ['countersign clusters tokens ', ['list', 'create', 'delete']],
    ['countersign completion ', ['bash', 'zsh', 'fish']],
    ['countersign clusters list -o ', ['table', 'json', 'yaml']],
    ['countersign access --output c', ['csv']],
    ['countersign token --token', ['--token-only']],
    ['countersign token -i cl', []],
  ])('completes %s with %j', (line, expected) => {
    expect(
      bash(line).filter((word) => expected.length === 0 || !word.startsWith('-') || expected.includes(word)),
    ).toEqual(expected);
  });

  test('offers the options of every command', () => {
    for (const { path, flags } of allCommands(tree).filter(({ spec }) => spec.load !== undefined)) {
      const offered = new Set(bash(`countersign ${path} --`));
      expect(
        flags.filter((flag) => flag.startsWith('--') && !offered.has(flag)),
        path,
      ).toEqual([]);
    }
  });
});
