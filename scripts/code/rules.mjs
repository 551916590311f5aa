// @ts-check
/** The rules of scripts/architecture.mjs, each a function from the sources to what breaks it. */
import { forbidden, importers, impure, lazy, limits, packages, pure } from '../architecture.mjs';
import { matches, matchesAny } from './glob.mjs';
import { arrowsOf, circlesOf, filesByFolder, pointsDown, roomArrowsOf, roomOf } from './graph.mjs';

/** @typedef {import('./sources.mjs').Source} Source */
/** @typedef {{ rule: string, what: string, why: string }} Violation */

/** @param {string} rule @param {string} from @param {string} to @param {string} why */
const arrow = (rule, from, to, why) => ({ rule, what: `${from} → ${to}`, why });

/** @param {readonly Source[]} sources @returns {Violation[]} */
const everyFileHasARoom = (sources) =>
  sources
    .filter(({ path }) => roomOf(path) === undefined)
    .map(({ path }) => ({ rule: 'room', what: path, why: 'name its folder in scripts/architecture.mjs' }));

/** @param {readonly Source[]} sources @returns {Violation[]} */
const importsPointDown = (sources) =>
  arrowsOf(sources).flatMap(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === undefined || other === undefined || room === other || room === 'test' || other === 'test')
      return [];
    return pointsDown(room, other) ? [] : [arrow('layer', from, to, `${room} is not above ${other}`)];
  });

/** @param {readonly Source[]} sources @returns {Violation[]} */
const onlyTheirImporters = (sources) =>
  arrowsOf(sources).flatMap(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    const allowed = other === undefined ? undefined : importers[other];
    if (room === undefined || room === other || room === 'test' || allowed === undefined) return [];
    const who = allowed.length === 0 ? 'nothing but tests' : `only ${allowed.join(', ')}`;
    return allowed.includes(room) ? [] : [arrow('importers', from, to, `${who} may import ${other}`)];
  });

/** @param {readonly Source[]} sources @returns {Violation[]} */
function noCircles(sources) {
  const shown = sources.filter(({ path }) => !path.startsWith('test/'));
  const arrows = arrowsOf(shown);
  return [...circlesOf(arrows), ...circlesOf(roomArrowsOf(arrows))].map((members) => ({
    rule: 'circle',
    what: members.join(' ⇄ '),
    why: 'they import each other',
  }));
}

/** @param {readonly Source[]} sources @returns {Violation[]} */
const noBarrels = (sources) =>
  sources
    .filter(({ isBarrel }) => isBarrel)
    .map(({ path }) => ({
      rule: 'barrel',
      what: path,
      why: 'it only re-exports: import from the files that define the names',
    }));

/** @param {readonly Source[]} sources @returns {Violation[]} */
const nothingForbidden = (sources) =>
  arrowsOf(sources).flatMap(({ from, to }) =>
    forbidden
      .filter((row) => matches(from, row.from) && matches(to, row.to))
      .filter(({ except }) => !(except && matches(from, except.from) && matches(to, except.to)))
      .map(({ why }) => arrow('forbidden', from, to, why)),
  );

/**
 * The files that are loaded with an entry point: itself and what its static imports reach.
 * @param {ReadonlyMap<string, Source>} byPath
 * @param {string} path
 * @param {Set<string>} [loaded]
 */
function loadedWith(byPath, path, loaded = new Set()) {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  for (const { kind, path: to } of byPath.get(path)?.imports ?? []) {
    if (kind === 'static' && to !== undefined) loadedWith(byPath, to, loaded);
  }
  return loaded;
}

/** @param {readonly Source[]} sources @returns {Violation[]} */
function lazyIsLazy(sources) {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return lazy.flatMap(({ entry, to, why }) =>
    [...loadedWith(byPath, entry)].flatMap((path) =>
      (byPath.get(path)?.imports ?? [])
        .filter(({ kind, path: file, specifier }) => kind === 'static' && to.test(file ?? specifier))
        .map(({ path: file, specifier }) =>
          arrow('lazy', path, file ?? specifier, `${entry} loads it: ${why}`),
        ),
    ),
  );
}

/** @param {readonly Source[]} sources @returns {Violation[]} */
const packagesInTheirPlaces = (sources) =>
  sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ path: file, specifier }) => {
      const row = file === undefined ? packages.find((each) => each.packages.test(specifier)) : undefined;
      return row === undefined || matchesAny(path, row.only)
        ? []
        : [arrow('package', path, specifier, row.why)];
    }),
  );

/** @param {readonly Source[]} sources @returns {Violation[]} */
const pureImportsPure = (sources) =>
  sources
    .filter(({ path }) => matchesAny(path, pure))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ path: file, specifier }) =>
          file === undefined ? !impure.allowedPackages.includes(specifier) : !matchesAny(file, pure),
        )
        .map(({ path: file, specifier }) =>
          arrow('pure import', path, file ?? specifier, 'a pure file imports what is not pure'),
        ),
    );

/**
 * Calls of `Date` without arguments, which the linter has no rule for.
 * @param {unknown} node
 * @returns {number}
 */
function clocksIn(node) {
  if (typeof node !== 'object' || node === null) return 0;
  const inside = Object.values(node).reduce((sum, child) => sum + clocksIn(child), 0);
  const call =
    /** @type {{ type?: string, callee?: { type: string, name?: string }, arguments?: unknown[] }} */ (node);
  const isCall = call.type === 'NewExpression' || call.type === 'CallExpression';
  return inside + (isCall && call.callee?.name === 'Date' && call.arguments?.length === 0 ? 1 : 0);
}

/** @param {readonly Source[]} sources @returns {Violation[]} */
const pureHasNoClock = (sources) =>
  sources
    .filter(({ path }) => matchesAny(path, pure))
    .filter(({ text, parsed }) => text.includes('Date()') && clocksIn(parsed.program.body) > 0)
    .map(({ path }) => ({
      rule: 'pure clock',
      what: path,
      why: 'a pure file reads the clock: accept the time as an argument',
    }));

/** @param {readonly Source[]} sources @returns {Violation[]} */
const foldersAreSmall = (sources) =>
  [...filesByFolder(sources.filter(({ path }) => !path.startsWith('test/')))]
    .filter(([, files]) => files > limits.filesInFolder)
    .map(([folder, files]) => ({
      rule: 'folder',
      what: folder,
      why: `${files} files; at most ${limits.filesInFolder}: move a part into its own folder`,
    }));

/**
 * What breaks a rule, in the order of the rules.
 * @param {readonly Source[]} sources
 * @returns {readonly Violation[]}
 */
export const violationsOf = (sources) =>
  [
    everyFileHasARoom,
    importsPointDown,
    onlyTheirImporters,
    noCircles,
    noBarrels,
    nothingForbidden,
    lazyIsLazy,
    packagesInTheirPlaces,
    pureImportsPure,
    pureHasNoClock,
    foldersAreSmall,
  ].flatMap((rule) => rule(sources));
