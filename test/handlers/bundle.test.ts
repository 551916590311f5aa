/**
 * The review path stays small: what is not in it cannot slow a cold start. Reads what `npm run build` wrote of the
 * bundles that are deployed; `npm test` builds first.
 */
import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

const limitBytes = 150 * 1024;

const metafileOf = (name: string): Metafile =>
  JSON.parse(readFileSync(`dist/meta/${name}.json`, 'utf8')) as Metafile;

/** What is loaded at a cold start: the entry and what it imports statically, without the chunks behind `import()`. */
function loadedAtStart({ outputs }: Metafile, entryPoint: string): string[] {
  const entry = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entryPoint);
  const loaded = new Set<string>(entry === undefined ? [] : [entry]);
  for (const file of loaded) {
    for (const { kind, path, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) loaded.add(path);
    }
  }
  return [...loaded];
}

const packageOf = (input: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? 'countersign';

function bytesByPackage({ outputs }: Metafile, files: readonly string[]): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const file of files) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      if (bytesInOutput === 0) continue;
      bytes.set(packageOf(input), (bytes.get(packageOf(input)) ?? 0) + bytesInOutput);
    }
  }
  return new Map([...bytes].toSorted(([, a], [, b]) => b - a));
}

describe.each(['token-review', 'whoami'])('the bundle of %s', (name) => {
  let metafile: Metafile;
  let files: string[];
  let packages: Map<string, number>;
  beforeAll(() => {
    metafile = metafileOf(name);
    files = loadedAtStart(metafile, `functions/${name}.ts`);
    packages = bytesByPackage(metafile, files);
  });

  test('has 150 KB at most, without the EC2 chunk', () => {
    const total = files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
    const list = [...packages].map(([what, bytes]) => `${what} ${(bytes / 1024).toFixed(1)}`).join(', ');
    process.stdout.write(
      `${name}: ${(total / 1024).toFixed(1)} KB minified of ${limitBytes / 1024}: ${list}\n`,
    );
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThanOrEqual(limitBytes);
  });

  test('holds these packages and no others', () => {
    expect([...packages.keys()].toSorted()).toEqual([
      '@aws-sdk/util-dynamodb',
      '@middy/core',
      'aws4',
      'countersign',
      'valibot',
    ]);
  });

  test('holds nothing of the admin API, of group sync, of the full store, or of zod', () => {
    const inputs = files.flatMap((file) => Object.entries(metafile.outputs[file]?.inputs ?? {}));
    const loaded = inputs.flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : []));
    expect(
      loaded.filter((input) => /^lib\/(?:admin|sync)\/|store\/dynamodb\/|node_modules\/zod\//.test(input)),
    ).toEqual([]);
  });

  test('keeps EC2 in a chunk of its own, and IAM in none', () => {
    const everything = bytesByPackage(metafile, Object.keys(metafile.outputs));
    expect(everything.has('@aws-sdk/client-ec2')).toBe(true);
    expect(everything.has('@aws-sdk/client-iam')).toBe(false);
    expect(everything.has('@aws-sdk/client-dynamodb')).toBe(false);
  });
});
