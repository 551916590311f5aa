/** The command tree as completions need it: for each command line so far, what may come next. */
import { commonOptions } from '../../program.ts';
import type { CommandSpec } from '../../spec.ts';

export interface CompletionOption {
  /** `-o`, `--output`. */
  readonly names: readonly string[];
  readonly help: string;
  readonly takesValue: boolean;
  /** The values; empty if any value is allowed. */
  readonly choices: readonly string[];
  /** Its value is a file or a folder. */
  readonly isFile: boolean;
}

export interface CompletionEntry {
  /** `''` for the program itself, `clusters tokens` for a command. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletionOption[];
  /** Choices of the first positional argument; empty if any value is allowed. */
  readonly argumentChoices: readonly string[];
}

const help: CompletionOption = {
  names: ['-h', '--help'],
  help: 'show this help',
  takesValue: false,
  choices: [],
  isFile: false,
};

function optionsOf(spec: CommandSpec): CompletionOption[] {
  if (spec.load === undefined) return [help];
  const own = [...(spec.options ?? []), ...commonOptions].map((option) => ({
    names: option.flags.split(/[ ,]+/).filter((part) => part.startsWith('-')),
    help: option.help,
    takesValue: option.flags.includes('<'),
    choices: option.choices ?? [],
    isFile: /<(?:file|dir)>/.test(option.flags),
  }));
  return [...own, help];
}

function entriesOf(spec: CommandSpec, prefix?: string): CompletionEntry[] {
  const path = prefix === undefined ? spec.name : `${prefix} ${spec.name}`;
  const children = spec.commands ?? [];
  const entry = {
    path,
    commands: children.map(({ name, summary }) => ({ name, summary })),
    options: optionsOf(spec),
    argumentChoices: spec.load === undefined ? [] : (spec.arguments?.[0]?.choices ?? []),
  };
  return [entry, ...children.flatMap((child) => entriesOf(child, path))];
}

export const completionEntries = (tree: readonly CommandSpec[]): readonly CompletionEntry[] => [
  {
    path: '',
    commands: tree.map(({ name, summary }) => ({ name, summary })),
    options: [help, { ...help, names: ['-V', '--version'], help: 'show the version' }],
    argumentChoices: [],
  },
  ...tree.flatMap((spec) => entriesOf(spec)),
];
