// @ts-check
/**
 * Bundles with esbuild: each Lambda function to dist/functions/<name>/index.mjs; the command line to
 * dist/cli/main.mjs, in chunks that are loaded when they are needed, and to one self-contained file,
 * dist/countersign.mjs, without `dev`. A metafile of each is in dist/meta: the tests read them.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * middy imports web streams for streamed responses, which no function here sends. Loading them would cost 2 to 3 ms,
 * a twentieth of all that a cold start takes beyond Node.js itself.
 * @type {import('esbuild').Plugin}
 */
const withoutWebStreams = {
  name: 'without-web-streams',
  setup(build) {
    build.onResolve({ filter: /^node:stream\/(?:web|promises)$/ }, ({ importer, path }) =>
      importer.includes('@middy') ? { path, namespace: 'web-streams' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'web-streams' }, () => ({
      contents: 'export class ReadableStream {} export const pipeline = undefined;',
    }));
  },
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
  await bundle(name, {
    entryPoints: { index: `functions/${file}` },
    outdir: `dist/functions/${name}`,
    plugins: [withoutWebStreams],
  });
}
const cliBanner = { js: `#!/usr/bin/env node\n${requireBanner}` };
await bundle('cli', {
  entryPoints: { main: 'cli/main.ts' },
  outdir: 'dist/cli',
  banner: cliBanner,
  external: ['dynalite'],
});
await bundle('countersign', {
  entryPoints: { countersign: 'cli/main.ts' },
  outdir: 'dist',
  splitting: false,
  banner: cliBanner,
  define: { ...common.define, COUNTERSIGN_SINGLE_FILE: 'true' },
});
