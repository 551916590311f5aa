// @ts-check
/** `npm run docs`: writes every generated file again (scripts/docs/generated.ts), and prints which of them changed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Inside the repository, so that Node.js finds the packages that are not bundled.
mkdirSync('dist', { recursive: true });
const directory = mkdtempSync(join('dist', 'docs-'));
try {
  const outfile = join(directory, 'generated.mjs');
  await build({
    entryPoints: ['scripts/docs/generated.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  });
  /** @type {typeof import('./docs/generated.ts')} */
  const { generated } = await import(pathToFileURL(outfile).href);
  for (const [path, generate] of Object.entries(generated)) {
    const text = await generate();
    if (readFileSync(path, 'utf8') === text) continue;
    writeFileSync(path, text);
    console.log(`${path}: written`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
