/** docs/cli.md, made of the command tree. */
import { commonOptions, optionNotes } from '../../cli/program.ts';
import type { CommandSpec, OptionSpec } from '../../cli/spec.ts';

const head = `# Command line

Data goes to stdout, talk and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no (\`whoami\`, \`verify\`,
\`explain\`, \`doctor\`; \`plan\` with \`--exit-code\`). \`NO_COLOR\` switches colours off. Every command takes \`--debug\`, which shows the stack
of a failure, and \`--help\`.

This page is made of the command tree: \`npx vitest run test/unit/cli/reference.test.ts -u\` writes it anew.
`;

const escaped = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;');

const optionRow = (option: OptionSpec): string =>
  `| \`${option.flags.replaceAll('|', String.raw`\|`)}\` | ${escaped(option.help + optionNotes(option))} |\n`;

function usage(path: string, spec: CommandSpec): string {
  if (spec.load === undefined)
    return `countersign ${path} ${spec.commands.map(({ name }) => name).join('|')}`;
  const words = (spec.arguments ?? []).map(({ name }) => name);
  return ['countersign', path, ...words, ...(spec.options === undefined ? [] : ['[options]'])].join(' ');
}

function section(spec: CommandSpec, prefix: string): string {
  const path = prefix === '' ? spec.name : `${prefix} ${spec.name}`;
  const options = spec.load === undefined ? [] : (spec.options ?? []);
  const described = spec.description === undefined ? '' : `\n${spec.description}\n`;
  const table =
    options.length === 0 ? '' : `\n| option | |\n| --- | --- |\n${options.map(optionRow).join('')}`;
  const text = `
## countersign ${path}

${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.
${described}
\`\`\`
${usage(path, spec)}
\`\`\`
${table}
\`\`\`sh
${spec.examples.join('\n')}
\`\`\`
`;
  return text + (spec.commands ?? []).map((child) => section(child, path)).join('');
}

export const cliReference = (tree: readonly CommandSpec[]): string =>
  head + tree.map((spec) => section(spec, '')).join('');

export interface KnownCommand {
  readonly path: string;
  /** `-o`, `--output`, … */
  readonly flags: readonly string[];
  readonly env: readonly string[];
  readonly spec: CommandSpec;
}

/** Every command of the tree, groups included. */
export const allCommands = (tree: readonly CommandSpec[], prefix = ''): readonly KnownCommand[] =>
  tree.flatMap((spec) => {
    const path = prefix === '' ? spec.name : `${prefix} ${spec.name}`;
    const options = spec.load === undefined ? [] : [...(spec.options ?? []), ...commonOptions];
    const flags = options.flatMap((option) =>
      option.flags.split(/[ ,]+/).filter((part) => part.startsWith('-')),
    );
    const env = options.flatMap((option) => option.env ?? []);
    return [{ path, flags, env, spec }, ...allCommands(spec.commands ?? [], path)];
  });
