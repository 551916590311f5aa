/**
 * Every file that is generated: `npm run docs` writes them, and a test compares. Paths are relative to the root of the repository,
 * which must be the working directory.
 */
import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { desiredStateJsonSchema } from './desired-state-schema.ts';
import { cliReference } from './cli-reference.ts';
import { limitsTable } from './limits.ts';
import { hostileTokens } from '../../test/vectors/make-hostile-tokens.ts';
import { diagramOf } from '../code/diagram.mjs';
import { readSources } from '../code/sources.mjs';

const formatted = (value: object): Promise<string> =>
  format(JSON.stringify(value), { parser: 'json', printWidth: 110 });

/** Replaces what stands between the markers `<!-- name -->` and `<!-- end of name -->` of docs/architecture.md. */
function withSection(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/architecture.md has no markers for its ${name}.`);
  return `${before}${start}\n${content}\n\n${end}${after}`;
}

function architecture(): string {
  const page = withSection(readFileSync('docs/architecture.md', 'utf8'), 'limits', limitsTable());
  return withSection(page, 'layers', `\`\`\`mermaid\n${diagramOf(readSources())}\n\`\`\``);
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
