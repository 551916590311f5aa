/** Generated files are what `npm run docs` writes. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generated } from '../../scripts/docs/generated.ts';

test.each(Object.entries(generated))('%s is current; if not, run npm run docs', async (path, generate) => {
  expect(readFileSync(path, 'utf8')).toBe(await generate());
});
