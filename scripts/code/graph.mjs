// @ts-check
/** The import graph: rooms, arrows between them, and circles. */
import { layers } from '../architecture.mjs';

/** @typedef {import('./sources.mjs').Source} Source */
/** @typedef {{ from: string, to: string, kind: import('./sources.mjs').Import['kind'] }} Arrow */

const rooms = layers.flatMap((layer) => layer.rooms);

/** @param {string} path a source file; undefined: it is in no room */
export function roomOf(path) {
  if (path.startsWith('test/')) return 'test';
  return rooms.find((room) => path === room || path.startsWith(`${room}/`));
}

/**
 * Every import of a file of the repository.
 * @param {readonly Source[]} sources
 * @returns {readonly Arrow[]}
 */
export const arrowsOf = (sources) =>
  sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ path: to, kind }) =>
      to === undefined || !/\.(?:ts|mjs)$/.test(to) ? [] : [{ from: path, to, kind }],
    ),
  );

/**
 * Groups of nodes that reach each other (Tarjan's algorithm), each sorted.
 * @param {readonly { from: string, to: string }[]} arrows
 * @returns {readonly (readonly string[])[]}
 */
export function circlesOf(arrows) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {Map<string, { index: number, low: number, onStack: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const circles = [];

  /** @param {string} node */
  function visit(node) {
    const state = { index: seen.size, low: seen.size, onStack: true };
    seen.set(node, state);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      const known = seen.get(to);
      if (known === undefined) state.low = Math.min(state.low, visit(to).low);
      else if (known.onStack) state.low = Math.min(state.low, known.index);
    }
    if (state.low === state.index) {
      const group = stack.splice(stack.indexOf(node));
      for (const member of group) {
        const known = seen.get(member);
        if (known) known.onStack = false;
      }
      if (group.length > 1) circles.push(group.toSorted());
    }
    return state;
  }
  for (const node of next.keys()) if (!seen.has(node)) visit(node);
  return circles;
}

/**
 * Arrows between rooms, with the number of imports of each.
 * @param {readonly Arrow[]} arrows
 */
export function roomArrowsOf(arrows) {
  /** @type {Map<string, { from: string, to: string, imports: number }>} */
  const found = new Map();
  for (const arrow of arrows) {
    const [from, to] = [roomOf(arrow.from), roomOf(arrow.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} → ${to}`;
    found.set(key, { from, to, imports: (found.get(key)?.imports ?? 0) + 1 });
  }
  return [...found.values()];
}

/**
 * Whether the layers allow one room to import another.
 * @param {string} from
 * @param {string} to
 */
export function pointsDown(from, to) {
  const level = (/** @type {string} */ room) => layers.findIndex((layer) => layer.rooms.includes(room));
  const layer = layers[level(from)];
  if (level(from) !== level(to)) return level(from) < level(to);
  return layer !== undefined && layer.ordered && layer.rooms.indexOf(from) < layer.rooms.indexOf(to);
}

/**
 * Source files of each folder, without those of folders inside it.
 * @param {readonly Source[]} sources
 * @returns {Map<string, number>}
 */
export function filesByFolder(sources) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { path } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
