/** Finds the lines of a file that the admin API refuses. */
import { wrongUsage } from '../exit.ts';
import type { ObjectFile } from '../files.ts';
import { Refused } from './problem.ts';

/** `mappings[3].groups` → `mappings` */
const topField = (path: string): string => path.split(/[.[]/, 1)[0] ?? '';

/**
 * Runs a call that sends the content of a file. `overridden` are fields that come from options instead.
 * @throws CliFailure (exit 2) with `file:line: field: message` for each problem, if the API refuses the content
 */
export async function locateRefusal<T>(
  file: ObjectFile,
  call: () => Promise<T>,
  overridden: readonly string[] = [],
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const isInFile = (path: string): boolean => !overridden.includes(topField(path));
    if (!error.errors.some(({ path }) => isInFile(path))) throw error;
    const problems = error.errors.map(({ path, message }) => {
      const line = isInFile(path) ? `${file.name}:${file.lineOf(path)}: ` : '';
      return `${line}${path === '' ? '' : `${path}: `}${message}`;
    });
    throw wrongUsage(`${problems.join('; ')}.`, error);
  }
}
