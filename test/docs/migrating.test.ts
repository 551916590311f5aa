/** docs/migrating.md has a row for everything that aws-iam-authenticator has, and names only what there is here. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tree } from '../../cli/tree.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import surface from '../vectors/aws-iam-authenticator-surface.json' with { type: 'json' };

interface Row {
  readonly theirs: string;
  readonly ours: readonly string[];
  readonly why: string;
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

/** Rows of the table under each heading. */
function tables(text: string): ReadonlyMap<string, readonly Row[]> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section): [string, Row[]] => {
        const [title = '', ...lines] = section.split('\n');
        const rows = lines
          .filter((line) => line.startsWith('| `'))
          .map((line) => {
            const [, theirs = '', ours = '', why = ''] = line.split('|').map((cell) => cell.trim());
            return { theirs: codes(theirs).join(', '), ours: codes(ours), why };
          });
        return [title, rows];
      }),
  );
}

const known = tables(readFileSync('docs/migrating.md', 'utf8'));
const commands = allCommands(tree);
const flags = new Set(commands.flatMap((command) => command.flags));
const paths = new Set([...commands.map(({ path }) => path), 'help']);
const sources = ['lib', 'cli'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8')),
);

/** `countersign mappings put --arn`: the command with its flag; a flag alone; or a name of the environment. */
function isHere(code: string): boolean {
  if (!code.startsWith('countersign '))
    return code.startsWith('-') ? flags.has(code) : sources.some((text) => text.includes(code));
  const words = code.split(' ').slice(1);
  const path = words.filter((word) => !word.startsWith('-')).join(' ');
  const own = commands.find((command) => command.path === path)?.flags ?? [];
  return paths.has(path) && words.filter((word) => word.startsWith('-')).every((flag) => own.includes(flag));
}

describe('docs/migrating.md', () => {
  test.each(Object.entries(surface.sections))('has exactly the rows of the section %s', (title, expected) => {
    expect(
      known
        .get(title)
        ?.map(({ theirs }) => theirs)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  test('names commands and flags that exist, or explains why they are not needed', () => {
    const wrong = [...known.values()]
      .flat()
      .filter(({ ours, why }) => (ours.length === 0 ? why === '' : !ours.every(isHere)));
    expect(wrong).toEqual([]);
  });
});
