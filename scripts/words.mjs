// @ts-check
/**
 * `npm run words`: counts the words of scripts/glossary.mjs in comments, messages and titles of tests, by word and by room.
 * `-- --root DIR` counts in another checkout, and `-- --list WORD` prints the places of a word.
 */
import { glossary } from './glossary.mjs';
import { proseOf } from './code/prose.mjs';
import { readSources } from './code/sources.mjs';

/** @param {string} name */
const option = (name) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;

const sources = readSources(option('--root')).filter(({ path }) => path !== 'scripts/glossary.mjs');
const prose = sources.flatMap((source) =>
  proseOf(source).map(({ kind, text }) => ({ path: source.path, kind, text })),
);
const found = prose.flatMap(({ path, kind, text }) =>
  glossary.flatMap(({ not }) =>
    [...text.matchAll(not)].map(([word]) => ({ path, kind, text, row: not, word: word.toLowerCase() })),
  ),
);

const wanted = option('--list');
if (wanted !== undefined) {
  for (const { path, text, word } of found)
    if (word === wanted) console.log(`${path}: ${text.trim().replaceAll(/\s+/g, ' ')}`);
}

/** @param {readonly { kind: string }[]} some */
const counts = (some) =>
  ['comment', 'message', 'title'].map((kind) => some.filter((each) => each.kind === kind).length);

/** @param {readonly (string | number)[]} cells */
const print = ([first, ...rest]) =>
  console.log(`${String(first).padEnd(58)}${rest.map((cell) => String(cell).padStart(10)).join('')}`);

if (wanted === undefined) {
  print(['word', 'comments', 'messages', 'titles', 'all']);
  for (const { not } of glossary) {
    const here = found.filter(({ row }) => row === not);
    print([
      [...new Set(here.map(({ word }) => word))].slice(0, 6).join(', ') || not.source,
      ...counts(here),
      here.length,
    ]);
  }
  print(['all', ...counts(found), found.length]);
  print(['', '', '', '', '']);
  const roomOf = (/** @type {string} */ path) => path.split('/').slice(0, -1).slice(0, 2).join('/');
  print(['room', 'comments', 'messages', 'titles', 'all']);
  for (const room of new Set(found.map(({ path }) => roomOf(path)))) {
    const here = found.filter(({ path }) => roomOf(path) === room);
    print([room, ...counts(here), here.length]);
  }
}
