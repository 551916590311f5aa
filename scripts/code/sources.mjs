// @ts-check
/** Reads and parses the source files of the repository: their imports, comments, strings and syntax. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The folders with source files; `test` counts only as an importer. */
export const sourceFolders = ['functions', 'cli', 'dev', 'lib', 'bench', 'scripts', 'test'];

/**
 * @typedef {object} Import
 * @property {string} specifier as it is written: a relative path, `node:fs`, `valibot`
 * @property {string | undefined} path the file in the repository; undefined: a package
 * @property {'static' | 'type' | 'dynamic'} kind
 *
 * @typedef {object} Source
 * @property {string} path with forward slashes, relative to the root of the repository
 * @property {string} text
 * @property {readonly Import[]} imports without repetitions
 * @property {boolean} isBarrel it only re-exports what other files hold
 * @property {import('oxc-parser').ParseResult} parsed
 */

/**
 * @param {string} path
 * @param {string} text
 * @returns {Source}
 */
export function parseSource(path, text) {
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const exported = staticExports.flatMap(({ entries }) => entries);
  /** @type {[string, Import['kind']][]} */
  const found = [
    ...staticImports.map(({ moduleRequest, entries }) => {
      const isType = entries.length > 0 && entries.every((entry) => entry.isType);
      return /** @type {[string, Import['kind']]} */ ([moduleRequest.value, isType ? 'type' : 'static']);
    }),
    ...exported.flatMap(({ moduleRequest, isType }) =>
      moduleRequest
        ? [/** @type {[string, Import['kind']]} */ ([moduleRequest.value, isType ? 'type' : 'static'])]
        : [],
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => {
      const specifier = text.slice(start, end).replaceAll(/^['"`]|['"`]$/g, '');
      return /** @type {[string, Import['kind']]} */ ([specifier, 'dynamic']);
    }),
    ...[...text.matchAll(/\bimport\('([^']+)'\)\.[A-Z]/g)].map(
      ([, specifier = '']) => /** @type {[string, Import['kind']]} */ ([specifier, 'type']),
    ),
  ];
  const unique = new Map(found.map(([specifier, kind]) => [`${kind} ${specifier}`, { specifier, kind }]));
  const imports = [...unique.values()].map(({ specifier, kind }) => ({
    specifier,
    kind,
    path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
  }));
  const isBarrel =
    parsed.program.body.length > 0 &&
    parsed.program.body.every(
      (statement) =>
        statement.type === 'ImportDeclaration' ||
        statement.type === 'ExportAllDeclaration' ||
        (statement.type === 'ExportNamedDeclaration' && statement.declaration === null),
    );
  return { path, text, imports, isBarrel, parsed };
}

/**
 * @param {string} [root] the repository
 * @returns {readonly Source[]}
 */
export function readSources(root = '.') {
  return sourceFolders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((path) => /\.(?:ts|mjs)$/.test(path) && !path.endsWith('.d.ts'))
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}
