/** The words of scripts/glossary.mjs do not come back: no row is used more often than its limit, and the limits only go down. */
import { expect, test } from 'vitest';
import { proseOf } from '../../scripts/code/prose.mjs';
import { readSources } from '../../scripts/code/sources.mjs';
import { glossary } from '../../scripts/glossary.mjs';

const texts = readSources()
  .filter(({ path }) => path !== 'scripts/glossary.mjs')
  .flatMap(proseOf)
  .map(({ text }) => text);
const uses = (not: RegExp): number => texts.reduce((sum, text) => sum + [...text.matchAll(not)].length, 0);

test.each(glossary.map(({ not, but, most }) => [but, not, most] as const))(
  'the words to replace by "%s" are used no more often than before',
  (_but, not, most) => {
    expect(uses(not), `${not.source}: npm run words -- --list WORD prints the places`).toBeLessThanOrEqual(
      most,
    );
  },
);
