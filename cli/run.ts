/** Runs one command: prints one sentence for a failure, and returns the exit code. */
import { CommanderError } from 'commander';
import { CliFailure, exitCodes, messageOf } from './exit.ts';
import type { ExitCode } from './exit.ts';
import { createProgram } from './program.ts';
import type { Environment } from './program.ts';
import type { Terminal } from './terminal/terminal.ts';
import { tree } from './tree.ts';
import { version } from '../lib/version.ts';

/** The codes of commander's errors that are no failure: help or the version was printed. */
const printedCodes: ReadonlySet<string> = new Set([
  'commander.help',
  'commander.helpDisplayed',
  'commander.version',
]);

function codeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return printedCodes.has(error.code) ? exitCodes.done : exitCodes.usage;
  return error instanceof CliFailure ? error.exitCode : exitCodes.failed;
}

function report(error: unknown, terminal: Terminal, debug: boolean): ExitCode {
  const code = codeOf(error);
  if (code === exitCodes.done) return code;
  const sentence = messageOf(error).replace(/^error: /, '');
  terminal.say(`${terminal.style('red', 'countersign:', 'talk')} ${sentence}`);
  if (debug) terminal.say(error instanceof Error && error.stack !== undefined ? error.stack : String(error));
  return code;
}

/**
 * Never throws.
 * @param args what follows `countersign`; none of them is asking for help
 */
export async function runCommand(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const onExit = (exitCode: ExitCode): void => {
    code = exitCode;
  };
  const program = createProgram(tree, version, environment, onExit, args[0]);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, environment.terminal, args.includes('--debug'));
  }
}
