/**
 * Keeps the review path small: code that is not in the bundle cannot slow a cold start. Reads the metafiles that
 * `npm run build` writes for the deployed bundles; `npm test` builds first.
 */
import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

const limitBytes = 150 * 1024;

const metafileOf = (name: string): Metafile =>
  JSON.parse(readFileSync(`dist/meta/${name}.json`, 'utf8')) as Metafile;

/** The files that a cold start loads: the entry and its static imports, without the chunks behind `import()`. */
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

  test('has at most 150 KB without the EC2 chunk', () => {
    const total = files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
    const list = [...packages].map(([what, bytes]) => `${what} ${(bytes / 1024).toFixed(1)}`).join(', ');
    process.stdout.write(
      `${name}: ${(total / 1024).toFixed(1)} KB minified of ${limitBytes / 1024}: ${list}\n`,
    );
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThanOrEqual(limitBytes);
  });

  test('contains exactly the listed packages', () => {
    expect([...packages.keys()].toSorted()).toEqual([
      '@aws-sdk/util-dynamodb',
      '@middy/core',
      'aws4',
      'countersign',
      'valibot',
    ]);
  });

  test('contains no code of the admin API, the group sync or the full store', () => {
    const inputs = files.flatMap((file) => Object.entries(metafile.outputs[file]?.inputs ?? {}));
    const loaded = inputs.flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : []));
    expect(loaded.filter((input) => /^lib\/(?:admin|sync)\/|store\/dynamodb\//.test(input))).toEqual([]);
  });

  test('contains no input schema: no field of one, none of its sentences, and no kind that a review does not read', () => {
    const bytesOf = (input: string): number =>
      files.reduce((sum, file) => sum + (metafile.outputs[file]?.inputs[input]?.bytesInOutput ?? 0), 0);
    const inputs = [
      'records/input/fields',
      'records/input/cross-fields',
      'json/strict-object',
      'json/one-of',
    ];
    const kinds = ['records/set', 'records/binding', 'records/kinds', 'records/input/mapping-rules'];
    const bytes = [...inputs, ...kinds].map((file) => [file, bytesOf(`lib/${file}.ts`)]);
    expect(bytes.filter(([, count]) => count !== 0)).toEqual([]);
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(text).not.toMatch(/ is missing: give | has no field | must be a list of /);
  });

  test('loads EC2 from a separate chunk and contains no IAM or DynamoDB client', () => {
    const everything = bytesByPackage(metafile, Object.keys(metafile.outputs));
    expect(everything.has('@aws-sdk/client-ec2')).toBe(true);
    expect(everything.has('@aws-sdk/client-iam')).toBe(false);
    expect(everything.has('@aws-sdk/client-dynamodb')).toBe(false);
  });
});
