import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describe as describeFailure } from '../../../../lib/errors.ts';
import type { Failure } from '../../../../lib/errors.ts';
import { stsHosts } from '../../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../../lib/identity/partitions.ts';
import { parseToken } from '../../../../lib/token/parse/token.ts';
import { createStsTransport } from '../../../../lib/token/sts.ts';
import { createVerifier } from '../../../../lib/token/verify.ts';
import { frozenNow, tokenOf } from '../../../fixtures/presign.ts';
import { flawlessUrl } from '../../../vectors/make-hostile-tokens.ts';
import type { HostileToken } from '../../../vectors/make-hostile-tokens.ts';
import corpus from '../../../vectors/hostile-tokens.json' with { type: 'json' };

const hosts = stsHosts([]);
let connections = 0;
const server = createServer((_, response) => response.end('{}')).on('connection', () => {
  connections += 1;
});
let endpoint = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const grouped = (by: 'rule' | 'threat'): [string, HostileToken[]][] => {
  const tokens: readonly HostileToken[] = corpus.tokens;
  const groups = [...new Set(tokens.map((token) => token[by]))];
  return groups.map((group) => [group, tokens.filter((token) => token[by] === group)]);
};

const textOf = ({ token, url = '', repeat = '', times = 0 }: HostileToken): string =>
  (token ?? tokenOf(url)) + repeat.repeat(times);

/** What a review does with a token, up to the answer of STS. */
async function evaluate(token: string, partition: PartitionId): Promise<Failure | undefined> {
  const parsed = parseToken(token, { hosts, partition, now: frozenNow });
  if (!parsed.ok) return parsed.failure;
  const ask = createStsTransport({ endpoint, reach: 'all' });
  const verifier = createVerifier({ ask, clock: () => frozenNow });
  const verified = await verifier.verify(parsed.value, 'demo', new AbortController().signal);
  return verified.ok ? undefined : verified.failure;
}

test('it holds at least 300 tokens under names of their own, and at least five for every rule', () => {
  expect(corpus.tokens.length).toBeGreaterThanOrEqual(300);
  expect(new Set(corpus.tokens.map(({ name }) => name)).size).toBe(corpus.tokens.length);
  expect(
    grouped('rule')
      .filter(([, tokens]) => tokens.length < 5)
      .map(([rule]) => rule),
  ).toEqual([]);
});

test('a token with nothing wrong does reach STS: the connections below are counted rightly', async () => {
  const before = connections;
  expect(await evaluate(tokenOf(flawlessUrl), 'aws')).toMatchObject({ code: 'sts_bad_answer' });
  expect(connections).toBe(before + 1);
});

describe.each(grouped('threat'))('%s', (_, tokens) => {
  test.each(tokens)('$name → $code, without a connection', async (hostile) => {
    const before = connections;
    const failure = await evaluate(textOf(hostile), (hostile.partition ?? 'aws') as PartitionId);
    expect(failure?.code).toBe(hostile.code);
    expect(connections).toBe(before);
    // A sentence is short and plain, whatever the attacker wrote.
    expect(failure && describeFailure(failure)).toMatch(/^[\x20-\x7e]{10,330}$/);
  });
});
