/** The options and arguments of a command line, read by name and checked for their type. */
import { wrongUsage } from './exit.ts';

export interface Input {
  /** The value of an option, `undefined` if it is absent or empty. */
  text(name: string): string | undefined;
  /** @throws CliFailure (exit 2) if it is absent or empty */
  required(name: string): string;
  flag(name: string): boolean;
  /** All values of an option that repeats, in the order given; empty values are left out. */
  list(name: string): readonly string[] | undefined;
  /** @throws CliFailure (exit 2) if it is not a whole number in the range */
  integer(name: string, range: { readonly min: number; readonly max: number }): number | undefined;
  /** A positional argument by its position from 0; `undefined` if absent or empty. */
  argument(position: number): string | undefined;
  /** @throws CliFailure (exit 2) if it is absent or empty */
  requiredArgument(position: number): string;
}

const flagName = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** An empty text counts as absent. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** `options` by camelCase name, `positionals` in order, as commander parses them. */
export function createInput(
  options: Readonly<Record<string, unknown>>,
  positionals: readonly unknown[],
): Input {
  const text = (name: string): string | undefined => textOf(options[name]);
  const argument = (position: number): string | undefined => textOf(positionals[position]);
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) throw wrongUsage(`${flagName(name)} is required.`);
      return value;
    },
    flag: (name) => options[name] === true,
    list(name) {
      const value = options[name];
      if (!Array.isArray(value)) return undefined;
      return value.map(textOf).filter((item) => item !== undefined);
    },
    integer(name, { min, max }) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= min && number <= max)) {
        throw wrongUsage(`${flagName(name)} must be a whole number from ${min} to ${max}.`);
      }
      return number;
    },
    argument,
    requiredArgument(position) {
      const value = argument(position);
      if (value === undefined) throw wrongUsage(`Argument ${position + 1} must not be empty.`);
      return value;
    },
  };
}
