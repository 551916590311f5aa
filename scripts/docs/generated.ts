/**
 * Every file that is generated: `npm run docs` writes them, and a test compares. Paths are relative to the root of the repository,
 * which must be the working directory.
 */
import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { desiredStateJsonSchema } from './desired-state-schema.ts';
import { cliReference } from './cli-reference.ts';
import { hostileTokens } from '../../test/vectors/make-hostile-tokens.ts';
import { diagramOf } from '../code/diagram.mjs';
import { readSources } from '../code/sources.mjs';

const formatted = (value: object): Promise<string> =>
  format(JSON.stringify(value), { parser: 'json', printWidth: 110 });

function architecture(): string {
  const [before, rest] = readFileSync('docs/architecture.md', 'utf8').split('<!-- layers -->\n');
  const after = rest?.split('<!-- end of layers -->')[1];
  if (after === undefined)
    throw new Error('docs/architecture.md has no markers for the diagram of the layers.');
  const diagram = `\`\`\`mermaid\n${diagramOf(readSources())}\n\`\`\``;
  return `${before}<!-- layers -->\n\n${diagram}\n\n<!-- end of layers -->${after}`;
}

function hostileCorpus(): string {
  const about =
    'Tokens that must be refused before a connection is opened. Written by npm run docs from make-hostile-tokens.ts.';
  return `${JSON.stringify({ about, clock: '2026-11-22T06:30:00Z', tokens: hostileTokens }, null, 2)}\n`;
}

/** What each generated file must hold, by its path. */
export const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/architecture.md': architecture,
  'docs/cli.md': () => cliReference(),
  'docs/desired-state.schema.json': () => formatted(desiredStateJsonSchema()),
  'test/vectors/hostile-tokens.json': hostileCorpus,
};
