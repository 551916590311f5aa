/** Files that the user names: read from disk or stdin, written so that no half of one is ever seen. */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { failure, messageOf, wrongUsage } from './exit.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error);

/** All of stdin. */
export async function readStdin(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) {
    if (chunk instanceof Uint8Array) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The text of a file; `-` is stdin. @throws CliFailure (exit 2) where it cannot be read */
export async function readText(file: string): Promise<string> {
  if (file === '-') return readStdin();
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`${file} cannot be read (${codeOf(error)}).`, error);
  }
}

export interface ObjectFile {
  /** For messages: the file's name, or `stdin`. */
  readonly name: string;
  readonly value: JsonObject;
  /** The line of a field by its path, such as `mappings[3].groups`; of the nearest around it that is there. */
  lineOf(path: string): number;
}

/** `mappings[3].groups` → `['mappings', 3, 'groups']` */
const pathParts = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );

/** One YAML or JSON object. @throws CliFailure (exit 2) naming the file, and the line where YAML knows it */
export async function readObjectFile(file: string): Promise<ObjectFile> {
  const text = await readText(file);
  const { parseYaml } = await import('../lib/json/read-yaml.ts');
  const parsed = parseYaml(text);
  const name = file === '-' ? 'stdin' : file;
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ line, message }) => `line ${line}: ${message}`);
    throw wrongUsage(`${name}, ${problems.join(' ')}`);
  }
  const [document, ...more] = parsed.documents;
  const value = document?.value;
  if (document === undefined || more.length > 0 || !isJsonObject(value)) {
    throw wrongUsage(`${name} must hold one YAML or JSON object.`);
  }
  return { name, value, lineOf: (path) => document.lineOf(pathParts(path)) };
}

export const readObject = async (file: string): Promise<JsonObject> => (await readObjectFile(file)).value;

/** Replaces a file whole: it is there with its old text or its new one, and never half of one. */
export function writeFile(file: string, text: string, mode: number): void {
  const part = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(part, text, { mode });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw failure(`${file} cannot be written (${codeOf(error)}).`, error);
  }
}
