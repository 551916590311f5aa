/**
 * The shape of the command tree: commander, the help, the shell completions and docs/cli.md are generated from it. The
 * specs are light to load; the body of a command is imported when that command runs.
 */
import type { Instant } from '../lib/errors.ts';
import type { ExitCode } from './exit.ts';
import type { Input } from './input.ts';
import type { Terminal } from './terminal/terminal.ts';

export interface OptionSpec {
  /** As commander writes it: `-i, --cluster-id <id>`, `--yes`, `--group <name>`. */
  readonly flags: string;
  readonly help: string;
  /** Environment variables to read if the option is absent; the first that is set wins. */
  readonly env?: readonly string[];
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly required?: true;
  /**
   * May be given several times: the value is a list. `commas`: commas separate values too. `whole`: a value may hold
   * commas, as ARNs do.
   */
  readonly repeat?: 'commas' | 'whole';
  /** Names (camelCase) of options that exclude this one. */
  readonly conflicts?: readonly string[];
}

export interface ArgumentSpec {
  /** `<cluster>` is required, `[shell]` is not. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** The input of a command. It holds every dependency on the environment, so that tests can replace them. */
export interface Context {
  readonly input: Input;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Instant;
}

export type Run = (context: Context) => Promise<ExitCode>;

interface Described {
  readonly name: string;
  /** One line, for lists. */
  readonly summary: string;
  /** Further paragraphs of its own help. */
  readonly description?: string;
  /** Shell lines, without the prompt. */
  readonly examples: readonly string[];
}

/** A command that runs. */
export interface LeafSpec extends Described {
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Imports the module of the command. */
  readonly load: () => Promise<Run>;
  readonly commands?: never;
}

/** A noun whose commands are verbs. */
export interface GroupSpec extends Described {
  readonly commands: readonly CommandSpec[];
  readonly load?: never;
}

export type CommandSpec = LeafSpec | GroupSpec;
