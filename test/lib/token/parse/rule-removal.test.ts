/**
 * Is every rule of the grammar needed, and does the corpus notice when it goes? Each guard of `lib/token/parse/token.ts` is cut out of
 * the source in turn; at least one of its own hostile tokens must then get another answer.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { stsHosts } from '../../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../../lib/identity/partitions.ts';
import type { parseToken as ParseToken } from '../../../../lib/token/parse/token.ts';
import { frozenNow, tokenOf } from '../../../fixtures/presign.ts';
import type { HostileToken } from '../../../vectors/make-hostile-tokens.ts';
import corpus from '../../../vectors/hostile-tokens.json' with { type: 'json' };

const folder = fileURLToPath(new URL('../../../../lib/token/parse', import.meta.url));
const source = readFileSync(`${folder}/token.ts`, 'utf8').replaceAll('\r\n', '\n');
/** A comment, then one `if`: on one line, or with a block that ends at the same indentation. */
const guard = /\n( +)\/\/ rule: ([a-z0-9-]+)\n\1if \((?:[^\n]*;|[\s\S]*?\n\1\})(?=\n)/g;
const rules = [...source.matchAll(guard)].map(([text, , name = '']) => ({
  name,
  without: source.replace(text, ''),
}));

function load(contents: string): typeof ParseToken {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  const module: { exports: { parseToken?: typeof ParseToken } } = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval -- our own source, less one guard
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, undefined);
  return module.exports.parseToken!;
}

const hosts = stsHosts([]);

function outcome(
  parse: typeof ParseToken,
  { token, url = '', repeat = '', times = 0, partition = 'aws' }: HostileToken,
): string {
  const text = (token ?? tokenOf(url)) + repeat.repeat(times);
  try {
    const result = parse(text, { hosts, partition: partition as PartitionId, now: frozenNow });
    return result.ok ? 'accepted' : result.failure.code;
  } catch {
    return 'crashed';
  }
}

test('every refusal in the source is a named rule', () => {
  expect(source.match(/\/\/ rule: /g)).toHaveLength(rules.length);
  const calls = source.split('\n').filter((line) => /(?:denied|malformed|invalid)\(/.test(line));
  const helpers = calls.filter(
    (line) => line.includes('const ') || line.trimStart().startsWith("denied('parameter_invalid'"),
  );
  expect(calls).toHaveLength(rules.length + helpers.length);
  expect(new Set(rules.map(({ name }) => name))).toEqual(new Set(corpus.tokens.map(({ rule }) => rule)));
});

test('the whole source refuses the whole corpus', () => {
  const whole = load(source);
  const wrong = corpus.tokens.filter((hostile) => outcome(whole, hostile) !== hostile.code);
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test.each(rules)(
  'without the rule $name, a hostile token of that rule gets another answer',
  ({ name, without }) => {
    const weaker = load(without);
    const tokens: readonly HostileToken[] = corpus.tokens.filter(({ rule }) => rule === name);
    const noticed = tokens.filter((hostile) => outcome(weaker, hostile) !== hostile.code);
    expect(noticed.map((token) => token.name)).not.toEqual([]);
  },
);
