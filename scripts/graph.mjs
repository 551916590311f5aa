// @ts-check
/**
 * `npm run graph`: prints the import graph in short: rooms by layer, arrows between them, what points up, circles, large folders.
 * `-- --mermaid` prints the diagram of docs/architecture.md, `-- --root DIR` looks at another checkout of this layout.
 */
import { layers, limits } from './architecture.mjs';
import { diagramOf } from './code/diagram.mjs';
import { arrowsOf, circlesOf, filesByFolder, pointsDown, roomArrowsOf, roomOf } from './code/graph.mjs';
import { readSources } from './code/sources.mjs';

const root = process.argv.includes('--root') ? process.argv.at(process.argv.indexOf('--root') + 1) : '.';
const sources = readSources(root).filter(({ path }) => !path.startsWith('test/'));
const arrows = arrowsOf(sources);
const roomArrows = roomArrowsOf(arrows);
const lines = (/** @type {import('./code/sources.mjs').Source} */ { text }) => text.split('\n').length - 1;

/** @param {string} room */
function describeRoom(room) {
  const files = sources.filter(({ path }) => roomOf(path) === room);
  if (files.length === 0) return [];
  const largest = files.reduce((most, file) => (lines(file) > lines(most) ? file : most));
  const to = roomArrows
    .filter((arrow) => arrow.from === room)
    .map(({ to: other, imports }) => `${other.replace('lib/', '')} ${imports}`);
  const size = `${files.length} ${files.length === 1 ? 'file' : 'files'}, largest ${largest.path.slice(room.length + 1) || room} (${lines(largest)} lines)`;
  return [`  ${room}: ${size}`, `    imports ${to.join(', ') || 'nothing'}`];
}

function describeGraph() {
  const up = arrows.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return room && other && room !== other && other !== 'test' && !pointsDown(room, other);
  });
  const circles = [...circlesOf(arrows), ...circlesOf(roomArrows)];
  const folders = [...filesByFolder(sources)].toSorted(([, a], [, b]) => b - a);
  const [largest = ['', 0]] = folders;
  const crowded = folders.filter(([, files]) => files > limits.filesInFolder);
  const roomless = sources.filter(({ path }) => roomOf(path) === undefined);
  const sizes = sources.map(lines).toSorted((a, b) => a - b);
  return [
    ...layers.flatMap(({ name, rooms }) => [name].concat(rooms.flatMap(describeRoom))),
    '',
    `files: ${sources.length}, ${sizes[Math.floor(sizes.length / 2)]} lines at the median, ${sizes.at(-1)} at most`,
    `arrows between rooms: ${roomArrows.length}, from ${roomArrows.reduce((sum, { imports }) => sum + imports, 0)} imports`,
    `arrows that point up: ${up.length}`,
    ...up.map(({ from, to }) => `  ${from} → ${to}`),
    `circles: ${circles.length}`,
    ...circles.map((members) => `  ${members.join(' ⇄ ')}`),
    `largest folder: ${largest[0]} (${largest[1]} files)`,
    `folders of more than ${limits.filesInFolder} files: ${crowded.length}`,
    ...crowded.map(([folder, files]) => `  ${folder}: ${files}`),
    `files in no room: ${roomless.length}`,
    ...roomless.map(({ path }) => `  ${path}`),
  ];
}

console.log(process.argv.includes('--mermaid') ? diagramOf(sources) : describeGraph().join('\n'));
