/** Builds commander's commands from the command tree. */
import { Argument, Command, Option } from 'commander';
import type { Help } from 'commander';
import type { ExitCode } from './exit.ts';
import { wrongUsage } from './exit.ts';
import { createInput } from './input.ts';
import type { ArgumentSpec, CommandSpec, Context, OptionSpec } from './spec.ts';

/** What every command gets, whatever its arguments. */
export type Environment = Omit<Context, 'input'>;

function createOption(spec: OptionSpec, env: NodeJS.ProcessEnv): Option {
  const option = new Option(spec.flags, spec.help);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.repeat) {
    option.argParser((text: string, before: readonly string[] | undefined) => [
      ...(before ?? []),
      ...(spec.repeat === 'commas' ? text.split(',') : [text]),
    ]);
  }
  const value = spec.env?.map((name) => env[name]).find((set) => set) ?? spec.default;
  if (value !== undefined) option.default(value);
  if (spec.required) option.makeOptionMandatory();
  if (spec.conflicts !== undefined) option.conflicts([...spec.conflicts]);
  return option;
}

function createArgument(spec: ArgumentSpec): Argument {
  const argument = new Argument(spec.name, spec.help);
  return spec.choices === undefined ? argument : argument.choices(spec.choices);
}

const repeatNotes = { commas: 'may be repeated, or a list with commas', whole: 'may be repeated' } as const;

/** What follows an option's help in parentheses: its values, default and environment variables. */
export function optionNotes(spec: OptionSpec): string {
  const notes = [
    spec.required ? 'required' : undefined,
    spec.repeat === undefined ? undefined : repeatNotes[spec.repeat],
    spec.choices === undefined ? undefined : spec.choices.join('|'),
    spec.default === undefined ? undefined : `default ${spec.default}`,
    spec.env === undefined ? undefined : `env ${spec.env.join(', ')}`,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

const helpOf = (options: readonly OptionSpec[]): Partial<Help> => ({
  optionDescription(option: Option) {
    const spec = options.find((spec) => spec.flags === option.flags);
    return spec === undefined ? option.description : `${spec.help}${optionNotes(spec)}`;
  },
});

const examplesText = (spec: CommandSpec): string =>
  `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join('\n')}\n`;

/** Options that every command accepts. */
export const commonOptions: readonly OptionSpec[] = [
  { flags: '--debug', help: 'show the stack trace of a failure' },
];

function createCommand(
  spec: CommandSpec,
  environment: Environment,
  onExit: (code: ExitCode) => void,
): Command {
  const command = new Command(spec.name).summary(spec.summary).addHelpText('after', examplesText(spec));
  command.description(
    spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
  );
  command.helpOption('-h, --help', 'show this help').exitOverride();
  command.configureOutput({ outputError: () => {} });
  if (spec.load === undefined) {
    for (const child of spec.commands) command.addCommand(createCommand(child, environment, onExit));
    const known = spec.commands.map(({ name }) => name).join('|');
    command
      .helpCommand(false)
      .argument('[command]')
      .allowExcessArguments()
      .action((given?: string) => {
        const what =
          given === undefined ? 'A command is missing' : `There is no command ${spec.name} ${given}`;
        throw wrongUsage(`${what}: countersign ${spec.name} ${known}.`);
      });
    return command;
  }
  const options = [...(spec.options ?? []), ...commonOptions];
  command.configureHelp(helpOf(options));
  for (const argument of spec.arguments ?? []) command.addArgument(createArgument(argument));
  for (const option of options) command.addOption(createOption(option, environment.env));
  return command.allowExcessArguments(false).action(async (...args: unknown[]) => {
    const run = await spec.load();
    const input = createInput(command.opts<Record<string, unknown>>(), args);
    onExit(await run({ ...environment, input }));
  });
}

/**
 * The program for one command line. `onExit` is called exactly once, with the exit code of the command that ran. Only
 * the command that `first` names gets its options; the others are there for the help and for suggestions.
 */
export function createProgram(
  tree: readonly CommandSpec[],
  version: string,
  environment: Environment,
  onExit: (code: ExitCode) => void,
  first?: string,
): Command {
  const program = new Command('countersign')
    .description('AWS IAM identities for Kubernetes: tokens, clusters, mappings, and who may enter as whom.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no.');
  const isNamed = tree.some(({ name }) => name === first);
  for (const spec of tree) {
    program.addCommand(
      !isNamed || spec.name === first
        ? createCommand(spec, environment, onExit)
        : new Command(spec.name).summary(spec.summary),
    );
  }
  return program;
}
