import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cliReference } from '../../../scripts/docs/cli-reference.ts';

test('docs/cli.md is up to date with the command tree (npm run docs)', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(cliReference());
});
