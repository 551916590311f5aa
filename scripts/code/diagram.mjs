// @ts-check
/** The layers as a Mermaid diagram, created from the imports of the code. */
import { layers } from '../architecture.mjs';
import { arrowsOf, roomArrowsOf, roomOf } from './graph.mjs';

/** Rooms that are not part of the product. */
const tools = new Set(['scripts', 'bench', 'test']);

/** @param {string} room */
const idOf = (room) => room.replace(/^lib\//, '').replaceAll(/\W/g, '_');

/** @typedef {{ from: string, to: string }} Arrow */

/**
 * Whether one room reaches another without the arrow that joins them.
 * @param {readonly Arrow[]} arrows
 * @param {Arrow} arrow
 */
function isImplied(arrows, arrow) {
  const reached = new Set([arrow.from]);
  const waiting = [arrow.from];
  for (let room = waiting.pop(); room !== undefined; room = waiting.pop()) {
    for (const { from, to } of arrows) {
      if (from !== room || reached.has(to) || (from === arrow.from && to === arrow.to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return reached.has(arrow.to);
}

/**
 * Layers from the top with their rooms, and the arrows between rooms. Left out: arrows that others imply, and those to
 * the ground, which almost every room has.
 * @param {readonly import('./sources.mjs').Source[]} sources
 */
export function diagramOf(sources) {
  const there = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => !tools.has(room ?? '')));
  const ground = layers.at(-1)?.rooms ?? [];
  const arrows = roomArrowsOf(arrowsOf(sources)).filter(
    ({ from, to }) => there.has(from) && there.has(to) && !ground.includes(from) && !ground.includes(to),
  );
  const boxes = layers.flatMap(({ name, rooms }, index) => [
    `  subgraph layer${index}["${name}"]`,
    ...rooms.filter((room) => there.has(room)).map((room) => `    ${idOf(room)}["${room}"]`),
    '  end',
  ]);
  const drawn = arrows
    .filter((arrow) => !isImplied(arrows, arrow))
    .map(({ from, to }) => `  ${idOf(from)} --> ${idOf(to)}`)
    .toSorted();
  const links = layers.slice(1).map((_, index) => `  layer${index} ~~~ layer${index + 1}`);
  return ['flowchart TD', ...boxes, ...drawn, ...links].join('\n');
}
