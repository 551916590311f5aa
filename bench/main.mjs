// @ts-check
// oxlint-disable typescript/no-unsafe-assignment typescript/no-unsafe-call typescript/no-unsafe-member-access -- JavaScript, so that it runs unbuilt: tsc knows no types here
/** `npm run bench`, `npm run flood`: bundles the benchmarks or the flood, as everything that runs here is bundled, and runs it against `dist/`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Under dist/, so that Node.js finds dynalite, which loads its own files by name and so cannot be bundled.
const directory = mkdtempSync(join('dist', 'bench-'));
try {
  const entry = process.argv[2] === 'flood' ? 'flood' : 'bench';
  await build({
    entryPoints: [`bench/${entry}.ts`, ...(entry === 'flood' ? ['bench/flood-child.ts'] : [])],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    external: ['dynalite'],
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'warning',
  });
  // On Node.js 20 the SDK warns that its newer versions require 22.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  await import(pathToFileURL(join(directory, `${entry}.mjs`)).href);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
