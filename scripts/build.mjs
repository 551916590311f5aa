// @ts-check
/**
 * Bundles with esbuild: each Lambda function to dist/functions/<name>/index.mjs; the command line to
 * dist/cli/main.mjs, in chunks that are loaded when they are needed, and to one self-contained file,
 * dist/countersign.mjs, without `dev`. A metafile of each is in dist/meta: the tests read them.
 */
import { builtinModules } from 'node:module';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
 * middy imports web streams for streamed responses, which no function here sends. Loading them would cost 2 to 3 ms, a
 * twentieth of a cold start without Node.js itself.
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

/**
 * Gets Node's own modules from the process instead of importing them. An import creates a namespace with every export, which
 * loads those that are lazy getters: `crypto.webcrypto`, `http.WebSocket` with all of undici.
 * @type {import('esbuild').Plugin}
 */
const builtinsFromProcess = {
  name: 'builtins-from-process',
  setup(build) {
    const filter = new RegExp(`^(?:node:)?(?:${builtinModules.join('|')})$`);
    build.onResolve({ filter }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? undefined
        : { path: path.replace(/^(?:node:)?/, 'node:'), namespace: 'builtin', sideEffects: false },
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * What a review loads only if a template needs it becomes an entry of its own beside the function, and shares no chunk with it:
 * each additional file that a cold start loads costs 1 to 2 ms.
 * @param {Record<string, string>} entryPoints receives what was found
 * @returns {import('esbuild').Plugin}
 */
const loadedLater = (entryPoints) => ({
  name: 'loaded-later',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = basename(path, '.ts');
      entryPoints[name] = join(resolveDir, path);
      return { path: `./${name}.mjs`, external: true };
    });
  },
});

/** @param {string} name */
async function bundleFunction(name) {
  /** @type {Record<string, string>} */
  const later = {};
  const outdir = `dist/functions/${name}`;
  const parts = [
    await build({
      ...common,
      entryPoints: { index: `functions/${name}.ts` },
      outdir,
      banner: {},
      plugins: [withoutWebStreams, builtinsFromProcess, loadedLater(later)],
    }),
    ...(Object.keys(later).length === 0 ? [] : [await build({ ...common, entryPoints: later, outdir })]),
  ];
  writeMetafile(name, {
    inputs: Object.assign({}, ...parts.map(({ metafile }) => metafile?.inputs)),
    outputs: Object.assign({}, ...parts.map(({ metafile }) => metafile?.outputs)),
  });
}

/** @param {string} name @param {import('esbuild').BuildOptions} options */
async function bundle(name, options) {
  const { metafile } = await build({ ...common, ...options });
  writeMetafile(name, metafile);
}

/** @param {string} name @param {import('esbuild').Metafile | undefined} metafile */
function writeMetafile(name, metafile) {
  mkdirSync('dist/meta', { recursive: true });
  writeFileSync(`dist/meta/${name}.json`, JSON.stringify(metafile));
}

rmSync('dist', { recursive: true, force: true });
for (const file of readdirSync('functions')) await bundleFunction(basename(file, '.ts'));
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
