/** Turns the command tree into commander's commands. */
import { Argument, Command, Option } from 'commander';
import type { Help } from 'commander';
import type { ExitCode } from './exit.ts';
import { wrongUsage } from './exit.ts';
import { makeInput } from './input.ts';
import type { ArgumentSpec, CommandSpec, Context, OptionSpec } from './spec.ts';

type Surroundings = Omit<Context, 'input'>;

function makeOption(spec: OptionSpec, env: NodeJS.ProcessEnv): Option {
  const option = new Option(spec.flags, spec.help);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.repeat) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  const value = spec.env?.map((name) => env[name]).find((set) => set) ?? spec.default;
  if (value !== undefined) option.default(value);
  if (spec.required) option.makeOptionMandatory();
  if (spec.conflicts !== undefined) option.conflicts([...spec.conflicts]);
  return option;
}

function makeArgument(spec: ArgumentSpec): Argument {
  const argument = new Argument(spec.name, spec.help);
  return spec.choices === undefined ? argument : argument.choices(spec.choices);
}

/** What follows an option's help: what it may be, what it is by default, what stands in for it. */
export function optionNotes(spec: OptionSpec): string {
  const notes = [
    spec.required ? 'required' : undefined,
    spec.repeat ? 'may be repeated' : undefined,
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

/** Options that every command takes. */
export const commonOptions: readonly OptionSpec[] = [
  { flags: '--debug', help: 'show the stack trace of a failure' },
];

function makeCommand(spec: CommandSpec, around: Surroundings, ended: (code: ExitCode) => void): Command {
  const command = new Command(spec.name).summary(spec.summary).addHelpText('after', examplesText(spec));
  command.description(
    spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
  );
  command.helpOption('-h, --help', 'show this help').exitOverride();
  command.configureOutput({ outputError: () => {} });
  if (spec.load === undefined) {
    for (const child of spec.commands) command.addCommand(makeCommand(child, around, ended));
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
  for (const argument of spec.arguments ?? []) command.addArgument(makeArgument(argument));
  for (const option of options) command.addOption(makeOption(option, around.env));
  return command.allowExcessArguments(false).action(async (...args: unknown[]) => {
    const run = await spec.load();
    const input = makeInput(command.opts<Record<string, unknown>>(), args);
    ended(await run({ ...around, input }));
  });
}

/**
 * The program for one command line. `ended` is called once with the exit code of the command that ran. Only the command
 * that `first` names gets its options; the others are there for the help and for suggestions.
 */
export function makeProgram(
  tree: readonly CommandSpec[],
  version: string,
  around: Surroundings,
  ended: (code: ExitCode) => void,
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
        ? makeCommand(spec, around, ended)
        : new Command(spec.name).summary(spec.summary),
    );
  }
  return program;
}
