import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../lib/shell-word.ts';

const words = [
  'plain',
  '/home/jo/.cache/countersign',
  'arn:aws:iam::111122223333:role/Admin',
  '/Users/Jo Smith/Library/Caches',
  "it's",
  '$(touch pwned)',
  '`id`',
  'a;b|c&d>e',
  '*',
  '~',
  '',
  'two\nlines',
  String.raw`back\slash`,
  '-n',
];

describe.skipIf(process.platform === 'win32')('a word of a command that is printed to be pasted', () => {
  test.each(words)('%j is that word to a shell, and nothing else', (word) => {
    const printed = execFileSync('/bin/sh', ['-c', `printf '[%s]' ${shellWord(word)}`], { encoding: 'utf8' });
    expect(printed).toBe(`[${word}]`);
  });
});

test('a word that needs no quotes has none', () => {
  expect(words.slice(0, 3).map(shellWord)).toEqual(words.slice(0, 3));
});
