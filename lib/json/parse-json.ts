/**
 * JSON from outside. Of two equal names in an object `JSON.parse` keeps the last without a word, and other readers the first: a
 * gate that reviews a text could see another value than the one that counts. So a text with a repeated name is refused.
 */
import { failed, ok } from '../errors.ts';
import type { Result } from '../errors.ts';
import { pathText } from './value-path.ts';

/** `rule` completes "The body …", or "<path> …" if there is a path. Neither quotes a value. */
export interface JsonProblem {
  /** Of a repeated name, as in `mappings[3].groups`; shortened if it is very long. Empty: the text as a whole. */
  readonly path: string;
  readonly rule: string;
}

/** Levels of objects and lists, names of an object, items of a list: more than any input of ours may have, and few enough to be cheap. */
const maxDepth = 64;
const maxNames = 10_000;
const maxItems = 100_000;
/** Repeated names that are reported. */
const maxProblems = 100;
const maxPathLength = 300;

/** The value of a text, or every repeated name (100 at most). */
export function parseJson(text: string): Result<unknown, readonly JsonProblem[]> {
  try {
    // Before it is parsed: parsing a megabyte of brackets or of names costs a second, this does not.
    const problems = problemsIn(text);
    return problems.length === 0 ? ok(JSON.parse(text)) : failed(problems);
  } catch {
    return failed([whole('is not JSON')]);
  }
}

const whole = (rule: string): JsonProblem => ({ path: '', rule });

/** An object or a list that is not closed yet. */
interface Open {
  /** Those read so far; `undefined`: it is a list. */
  readonly names: Set<string> | undefined;
  /** The name or the position of the value that is being read. */
  at: string | number;
  /** The next string is a name. */
  expectsName: boolean;
}

/** What stands outside of strings is structure, numbers or words, or the text is not JSON: then any answer will do. */
function problemsIn(json: string): readonly JsonProblem[] {
  const open: Open[] = [];
  const repeated = new Set<string>();
  for (let index = 0; index < json.length; index += 1) {
    const inner = open.at(-1);
    const character = json[index];
    if (character === '"') {
      const end = endOfString(json, index);
      if (inner?.names !== undefined && inner.expectsName) {
        inner.at = nameOf(json.slice(index, end + 1));
        inner.expectsName = false;
        if (inner.names.has(inner.at)) repeated.add(pathOf(open));
        if (repeated.size === maxProblems) break;
        inner.names.add(inner.at);
        if (inner.names.size > maxNames) return [whole(`has more than ${maxNames} fields in one object`)];
      }
      index = end;
    } else if (character === '{' || character === '[') {
      if (open.length === maxDepth) return [whole(`nests more than ${maxDepth} levels deep`)];
      open.push(
        character === '{'
          ? { names: new Set(), at: '', expectsName: true }
          : { names: undefined, at: 0, expectsName: false },
      );
    } else if (character === '}' || character === ']') open.pop();
    else if (character === ',' && inner !== undefined) {
      if (typeof inner.at === 'string') inner.expectsName = true;
      else if (inner.at < maxItems - 1) inner.at += 1;
      else return [whole(`has more than ${maxItems} items in one list`)];
    }
  }
  return [...repeated].map((path) => ({ path, rule: 'is written twice' }));
}

/**
 * The closing quote: the first one that an even number of backslashes precedes. Linear, and without a stack, unlike a pattern.
 * @throws SyntaxError if there is none
 */
function endOfString(json: string, start: number): number {
  for (let end = start; ;) {
    end = json.indexOf('"', end + 1);
    if (end === -1) throw new SyntaxError('a string has no end');
    let backslashes = 0;
    while (json[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

/** One name can be spelled in several ways: `"\u0061"` is `"a"`. */
const nameOf = (literal: string): string =>
  literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);

function pathOf(open: readonly Open[]): string {
  const path = pathText(open.map(({ at }) => at));
  return path.length > maxPathLength ? `${path.slice(0, maxPathLength)}…` : path;
}
