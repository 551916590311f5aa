/** Every countersign command in a code block of the documentation is one that the command line takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import type { CommandSpec } from '../../cli/spec.ts';
import { tree } from '../../cli/tree.ts';

const pages = ['README.md', 'SECURITY.md', ...readdirSync('docs').map((file) => `docs/${file}`)].filter(
  (page) => page.endsWith('.md'),
);

/** Commands of the code blocks, continuation lines joined. */
function commandsOf(page: string): string[] {
  const blocks = readFileSync(page, 'utf8').match(/^```[a-z]*\n[\s\S]*?^```/gm) ?? [];
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  return lines
    .map((line) =>
      line
        .trim()
        .replace(/^\$ /, '')
        .replace(/"\$\(.*\)"/, 'value'),
    )
    .filter((line) => line.startsWith('countersign '));
}

/** Words of a shell line, up to a pipe, a redirection or a comment. Placeholders such as <id> are words. */
function words(line: string): string[] {
  const tokens = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
  const end = tokens.findIndex(([, , , bare]) => bare !== undefined && /^(?:[|;>&]|&&|#|2>)/.test(bare));
  return (end === -1 ? tokens : tokens.slice(0, end)).map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

/** The same tree, whose commands do nothing. */
const idle = (spec: CommandSpec): CommandSpec =>
  spec.load === undefined
    ? { ...spec, commands: spec.commands.map(idle) }
    : { ...spec, load: async () => async () => 0 };

/** The first line of a command's reference: not a command to run. */
const isSynopsis = (line: string): boolean =>
  /\[(?:options|command|--?[a-z])|\|[a-z]+|completion <shell>/.test(line) && !line.includes(' | ');

const commands = pages.flatMap((page) =>
  commandsOf(page)
    .filter((line) => !isSynopsis(line))
    .map((line) => [page, line] as const),
);

test.each(commands)('%s shows a command that parses: %s', async (_page, line) => {
  const program = createProgram(tree.map(idle), '0.0.0', { env: {} } as never, () => undefined);
  const parsed = program.parseAsync(words(line).slice(1), { from: 'user' });
  await expect(
    parsed.then(
      () => 'taken',
      (error: unknown) => String(error),
    ),
  ).resolves.toBe('taken');
});
