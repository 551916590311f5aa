// @ts-check
/**
 * Bundles with esbuild: each Lambda function to dist/functions/<name>/index.mjs, the command line to
 * dist/cli/main.mjs. Writes a metafile beside each bundle's folder, which the tests read.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Lets bundled CommonJS packages call require() of Node's own modules inside an ES module. */
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  minify: true,
  splitting: true,
  metafile: true,
  legalComments: 'none',
  sourcemap: false,
  banner: { js: requireBanner },
  define: { COUNTERSIGN_VERSION: JSON.stringify(version) },
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
};

/** @param {string} name @param {import('esbuild').BuildOptions} options */
async function bundle(name, options) {
  const result = await build({ ...common, ...options });
  mkdirSync('dist/meta', { recursive: true });
  writeFileSync(`dist/meta/${name}.json`, JSON.stringify(result.metafile));
}

rmSync('dist', { recursive: true, force: true });
for (const file of readdirSync('functions')) {
  const name = file.replace(/\.ts$/, '');
  await bundle(name, { entryPoints: { index: `functions/${file}` }, outdir: `dist/functions/${name}` });
}
if (existsSync('cli/main.ts')) {
  await bundle('cli', {
    entryPoints: { main: 'cli/main.ts' },
    outdir: 'dist/cli',
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
    external: ['dynalite'],
  });
}
