/** The rules of scripts/architecture.mjs bite: each is broken once, in memory, and the check of it fails. */
import { describe, expect, test } from 'vitest';
import { impure, layers, pure } from '../../scripts/architecture.mjs';
import { matchesAny } from '../../scripts/code/glob.mjs';
import { violationsOf } from '../../scripts/code/rules.mjs';
import { parseSource, readSources } from '../../scripts/code/sources.mjs';

const sources = readSources();

/** What the check reports about one file that is added to the sources. */
const reportedFor = (path: string, text: string): string[] => {
  const others = sources.filter((source) => source.path !== path);
  return violationsOf([...others, parseSource(path, text)])
    .filter(({ what }) => what.includes(path))
    .map(({ rule }) => rule);
};

describe('a planted violation is reported', () => {
  test.each([
    ['layer', 'an import of a higher layer', 'lib/store/a.ts', "import '../admin/limits.ts';"],
    [
      'layer',
      'a type from a higher layer',
      'lib/records/a.ts',
      "import type { A } from '../store/ports.ts';",
    ],
    [
      'layer',
      'a re-export from a higher layer',
      'lib/json/a.ts',
      "export { a } from '../token/sts.ts'; export const b = 1;",
    ],
    [
      'layer',
      'a dynamic import of a higher layer',
      'lib/async/a.ts',
      "void import('../review/review-token.ts');",
    ],
    [
      'layer',
      'a type expression of a higher layer',
      'lib/net/a.ts',
      "export type A = import('../sync/run.ts').B;",
    ],
    [
      'layer',
      'a room of the same layer that is listed before',
      'lib/sync/a.ts',
      "import '../admin/limits.ts';",
    ],
    ['layer', 'the store importing the review', 'lib/store/a.ts', "import '../review/review-token.ts';"],
    ['layer', 'two rooms of a layer without order', 'lib/token/a.ts', "import '../records/types.ts';"],
    ['layer', 'dev importing the command line', 'dev/server/a.ts', "import '../../cli/tree.ts';"],
    ['layer', 'lib importing a function', 'lib/http/a.ts', "import '../../functions/admin.ts';"],
    [
      'importers',
      'migration imported by another than the command line',
      'functions/a.ts',
      "import '../lib/migration/import-entries.ts';",
    ],
    ['importers', 'an import of a function', 'cli/a.ts', "import '../functions/admin.ts';"],
    ['importers', 'code of the tests in the product', 'cli/a.ts', "import '../test/fixtures/records.ts';"],
    [
      'circle',
      'a file that imports itself by another',
      'lib/errors.ts',
      "import './async/deadline.ts'; export const a = 1;",
    ],
    [
      'barrel',
      'a file that only re-exports',
      'lib/sync/index.ts',
      "export * from './run.ts'; export { a } from './iam.ts';",
    ],
    [
      'forbidden',
      'a stand-in that uses the verifier',
      'dev/stand-ins/sts/a.ts',
      "import '../../../lib/token/sts.ts';",
    ],
    [
      'forbidden',
      'a reference model that uses what it checks',
      'test/reference/a.ts',
      "import '../../lib/errors.ts';",
    ],
    [
      'forbidden',
      'a command that uses the development server',
      'cli/commands/token/a.ts',
      "void import('../../../dev/server/start.ts');",
    ],
    [
      'forbidden',
      'the command dev using a stand-in',
      'cli/commands/dev/a.ts',
      "import '../../../dev/stand-ins/server.ts';",
    ],
    [
      'lazy',
      'the AWS SDK loaded with a review',
      'functions/token-review.ts',
      "import '@aws-sdk/client-ec2';",
    ],
    ['package', 'a second schema library', 'lib/admin/a.ts', "import * as z from 'zod/mini';"],
    [
      'package',
      'the AWS SDK outside adapters',
      'lib/review/a.ts',
      "import { A } from '@aws-sdk/client-iam';",
    ],
    [
      'package',
      'a type of the AWS SDK outside adapters',
      'lib/sync/a.ts',
      "import type { A } from '@aws-sdk/client-iam';",
    ],
    [
      'pure import',
      'Node.js in a pure folder',
      'lib/identity/a.ts',
      "import { createHash } from 'node:crypto';",
    ],
    [
      'pure import',
      'Node.js by a dynamic import in a pure folder',
      'lib/kubernetes/a.ts',
      "void import('node:fs');",
    ],
    ['pure import', 'the AWS SDK in a pure folder', 'lib/sync/grants/a.ts', "import '@aws-sdk/client-iam';"],
    ['pure import', 'an impure file in a pure folder', 'lib/token/parse/a.ts', "import '../verify.ts';"],
    ['pure clock', 'new Date() in a pure folder', 'lib/records/a.ts', 'export const now = () => new Date();'],
    ['pure clock', 'Date() in a pure folder', 'lib/resolve/a.ts', 'export const now = () => Date();'],
    ['room', 'a folder that has no layer', 'lib/utils/a.ts', 'export const a = 1;'],
  ])('of the rule %s: %s', (rule, _what, path, text) => {
    expect(reportedFor(path, text)).toContain(rule);
  });

  test('folder: one file more than a folder may hold', () => {
    const added = Array.from({ length: 21 }, (_, at) =>
      parseSource(`lib/async/a${at}.ts`, 'export const a = 1;'),
    );
    const rules = violationsOf([...sources, ...added]).filter(({ what }) => what === 'lib/async');
    expect(rules.map(({ rule }) => rule)).toEqual(['folder']);
  });
});

describe('the layer rules allow', () => {
  test.each([
    ['an import of a lower layer', 'lib/review/a.ts', "import '../store/ports.ts'; export const a = 1;"],
    [
      'a room of the same layer that is listed after',
      'lib/admin/a.ts',
      "import '../sync/run.ts'; export const a = 1;",
    ],
    ['valibot in a pure folder', 'lib/records/a.ts', "import * as v from 'valibot'; export const a = v;"],
    [
      'a date from a number in a pure folder',
      'lib/records/a.ts',
      'export const a = (t: number) => new Date(t);',
    ],
    ['a comment that names the clock', 'lib/records/a.ts', '// never new Date()\nexport const a = 1;'],
    [
      'the command dev with the server',
      'cli/commands/dev/a.ts',
      "import '../../../dev/server/start.ts'; export const a = 1;",
    ],
    ['an import beside a re-export', 'lib/sync/a.ts', "export { a } from './run.ts'; export const b = 1;"],
  ])('the import or the text of %s', (_what, path, text) => {
    expect(reportedFor(path, text)).toEqual([]);
  });
});

test('the sources of this repository break no rule', () => {
  expect(violationsOf(sources)).toEqual([]);
});

test('every layer, room and pure glob names files that exist', () => {
  const empty = [...layers.flatMap(({ rooms }) => rooms), ...pure].filter(
    (name) =>
      !sources.some(({ path }) => path === name || path.startsWith(`${name}/`) || matchesAny(path, [name])),
  );
  expect(empty).toEqual([]);
});

test('the rules of purity name what can be imported or called', () => {
  expect(impure.globals).toContain('process');
  expect(impure.properties).toContainEqual({ object: 'Date', property: 'now' });
});
