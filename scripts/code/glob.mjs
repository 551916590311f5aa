// @ts-check
/** Globs of scripts/architecture.mjs: `*` matches within a folder, `**` at any depth. */

/** @param {string} glob */
const patternOf = (glob) =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^$()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('**/', '\0')
      .replaceAll('**', '\x01')
      .replaceAll('*', '[^/]*')
      .replaceAll('\0', '(?:.*/)?')
      .replaceAll('\x01', '.*')}$`,
  );

/** @type {Map<string, RegExp>} */
const patterns = new Map();

/** @param {string} path @param {string} glob */
export function matches(path, glob) {
  const pattern = patterns.get(glob) ?? patternOf(glob);
  patterns.set(glob, pattern);
  return pattern.test(path);
}

/** @param {string} path @param {readonly string[]} globs */
export const matchesAny = (path, globs) => globs.some((glob) => matches(path, glob));
