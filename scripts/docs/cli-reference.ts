/** Generates docs/cli.md from the command tree. */
import { optionNotes } from '../../cli/program.ts';
import type { CommandSpec, OptionSpec } from '../../cli/spec.ts';
import { tree } from '../../cli/tree.ts';

const head = `# Command line

Data goes to stdout, messages and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no (\`whoami\`, \`verify\`,
\`explain\`, \`doctor\`; \`plan\` with \`--exit-code\`). \`NO_COLOR\` switches colours off. Every command accepts \`--debug\`, which shows the
stack trace of a failure, and \`--help\`.

This page is generated from the command tree by \`npm run docs\`.
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

/** The text of docs/cli.md. */
export const cliReference = (): string => head + tree.map((spec) => section(spec, '')).join('');
