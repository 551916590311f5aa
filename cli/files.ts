/** Files that the user names: read from disk or stdin, and written atomically. */
import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { located } from '../lib/json/file-note.ts';
import { pathOfText } from '../lib/json/value-path.ts';
import { readUpTo } from '../lib/net/read-stream.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { failure, messageOf, wrongUsage } from './exit.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error);

/** Ten times what the admin API accepts: a pipe that never ends is refused before the memory is full. */
const stdinLimitMiB = 64;

/** All of stdin. @throws CliFailure (exit 2) if it holds more than 64 MiB */
export async function readStdin(stdin: AsyncIterable<unknown> = process.stdin): Promise<string> {
  const bytes = await readUpTo(stdin, stdinLimitMiB * 1024 * 1024);
  if (bytes === undefined)
    throw wrongUsage(`stdin holds more than ${stdinLimitMiB} MiB: give a smaller input.`);
  return bytes.toString('utf8');
}

/** The name of a file for messages: `stdin` for `-`. */
export const shownName = (file: string): string => (file === '-' ? 'stdin' : file);

/** The text of a file; `-` is stdin. @throws CliFailure (exit 2) if it cannot be read */
export async function readText(file: string): Promise<string> {
  if (file === '-') return readStdin();
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`${file} cannot be read (${codeOf(error)}): check its name and permissions.`, error);
  }
}

export interface ObjectFile {
  /** For messages: the file's name, or `stdin`. */
  readonly name: string;
  readonly value: JsonObject;
  /**
   * The line of a field by its path, such as `mappings[3].groups`; without a path, of the object. If the field is missing: of what
   * should contain it.
   */
  lineOf(path?: string): number;
}

/** One YAML or JSON object. @throws CliFailure (exit 2) that names the file, and the line of a syntax error */
export async function readObjectFile(file: string): Promise<ObjectFile> {
  const text = await readText(file);
  const { parseYaml } = await import('../lib/json/read-yaml.ts');
  const parsed = parseYaml(text);
  const name = shownName(file);
  if (!parsed.ok) {
    const problems = parsed.failure.map(({ line, message }) => located(name, line, message));
    throw wrongUsage(problems.join(' '));
  }
  const [document, ...more] = parsed.value;
  const value = document?.value;
  if (document === undefined || more.length > 0 || !isJsonObject(value)) {
    throw wrongUsage(`${name} must hold one YAML or JSON object.`);
  }
  return { name, value, lineOf: (path) => document.lineOf(path === undefined ? [] : pathOfText(path)) };
}

export const readObject = async (file: string): Promise<JsonObject> => (await readObjectFile(file)).value;

const unwritable = (file: string, error: unknown): Error =>
  failure(`${file} cannot be written (${codeOf(error)}): check its folder and permissions.`, error);

/**
 * A write replaces what has the name: as root that would be `/dev/null` itself, or the link `/dev/stdout`.
 * @throws Error if something else than a file has it
 */
function requireReplaceable(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined || status.isFile()) return;
  if (status.isDirectory()) throw new Error('it is a folder');
  throw new Error(status.isSymbolicLink() ? 'it is a link' : 'it is not a file');
}

/** Finds out whether a file could be replaced, and leaves no trace. @throws CliFailure (exit 1) if it cannot be written */
export function checkWritable(file: string): void {
  try {
    requireReplaceable(file);
    const part = `${file}.${randomUUID()}.part`;
    closeSync(openSync(part, 'wx', 0o600));
    rmSync(part);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Replaces a file atomically, or creates it. @throws CliFailure (exit 1) if it cannot be written */
export function writeFile(file: string, text: string, mode: number): void {
  try {
    requireReplaceable(file);
    writeFileAtomically(file, text, mode);
  } catch (error) {
    throw unwritable(file, error);
  }
}
