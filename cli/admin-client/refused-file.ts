/** Finds the lines of a file that the admin API refuses. */
import { wrongUsage } from '../exit.ts';
import { located } from '../../lib/json/file-note.ts';
import type { ObjectFile } from '../files.ts';
import { errorText, Refused } from './problem.ts';

/** `mappings[3].groups` → `mappings` */
const topField = (path: string): string => path.replace(/[.[].*$/s, '');

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
    const isInFile = (path: string | undefined): boolean =>
      path === undefined || !overridden.includes(topField(path));
    if (!error.errors.some(({ path }) => isInFile(path))) throw error;
    const problems = error.errors.map(({ path, message }) => {
      const problem = errorText({ path, message });
      return isInFile(path) ? located(file.name, file.lineOf(path), problem) : problem;
    });
    throw wrongUsage(`${problems.join('; ')}.`, error);
  }
}
