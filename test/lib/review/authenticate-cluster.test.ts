import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import type { Result, Unavailable } from '../../../lib/errors.ts';
import { authenticateCluster } from '../../../lib/review/authenticate-cluster.ts';
import { createClusterCache } from '../../../lib/review/cluster-cache.ts';
import type { ClusterWithTokens } from '../../../lib/store/ports.ts';
import { hashWebhookToken } from '../../../lib/token/webhook-token.ts';
import { cluster } from '../../fixtures/records.ts';

type Found = Result<ClusterWithTokens | undefined, Unavailable>;

const at = { createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
const withTokens = (...tokens: readonly string[]): Found =>
  ok({
    cluster: { ...cluster('demo'), ...at, version: 1 },
    webhookTokens: tokens.map((token) => ({ hash: hashWebhookToken(token) })),
  } as unknown as ClusterWithTokens);
const unauthorized = { ok: false, failure: { code: 'unauthorized' } };

/** What the cache returns, what a fresh read returns, and which of them were asked for. */
async function authenticate(
  cached: Found,
  fresh: Found,
  webhookToken: string | undefined,
  clusterId = 'demo',
) {
  const reads: string[] = [];
  const clusters = {
    readCluster: async () => {
      reads.push('cached');
      return cached;
    },
    readClusterAgain: async () => {
      reads.push('fresh');
      return fresh;
    },
  };
  const result = await authenticateCluster(
    clusters,
    { clusterId, webhookToken },
    new AbortController().signal,
  );
  return { result, reads };
}

describe('authenticateCluster', () => {
  test('a token of the cached cluster needs no fresh read', async () => {
    const { result, reads } = await authenticate(withTokens('a', 'b'), withTokens(), 'b');
    expect(result).toMatchObject({ ok: true, value: { id: 'demo' } });
    expect(reads).toEqual(['cached']);
  });

  test('a token that is newer than the cached cluster is found by a fresh read', async () => {
    const { result, reads } = await authenticate(withTokens('old'), withTokens('new'), 'new');
    expect(result).toMatchObject({ ok: true });
    expect(reads).toEqual(['cached', 'fresh']);
  });

  test.each([
    ['a wrong token', withTokens('a'), 'b'],
    ['a missing token', withTokens('a'), undefined],
    ['a token of an unknown cluster', ok(undefined), 'a'],
    ['a token of a cluster without tokens', withTokens(), 'a'],
  ] as const)('%s is unauthorized', async (_name, found, token) => {
    expect((await authenticate(found, found, token)).result).toMatchObject(unauthorized);
  });

  test('a cluster that was deleted since it was cached is unauthorized for another token', async () => {
    expect((await authenticate(withTokens('a'), ok(undefined), 'b')).result).toMatchObject(unauthorized);
  });

  test('a token of an unknown cluster costs the reads of a wrong token', async () => {
    const wrong = await authenticate(withTokens('a'), withTokens('a'), 'b');
    const unknown = await authenticate(ok(undefined), ok(undefined), 'b');
    expect(unknown.reads).toEqual(wrong.reads);
    expect(unknown.result).toEqual(wrong.result);
  });

  test('a cluster that was created a moment ago is found by a fresh read', async () => {
    const { result } = await authenticate(ok(undefined), withTokens('a'), 'a');
    expect(result).toMatchObject({ ok: true, value: { id: 'demo' } });
  });

  test.each([1500, 900, 4000, 7000, 31_000])(
    'wrong tokens at intervals of %d ms cost the same reads for a known cluster and for an unknown one',
    async (interval) => {
      let now = 0;
      let reads = 0;
      const store = {
        readCluster: async (id: string) => {
          reads += 1;
          return id === 'known' ? withTokens('right') : ok(undefined);
        },
      };
      const clusters = createClusterCache(store, () => now);
      const costs: Record<string, number[]> = { known: [], unknown: [] };
      for (const clusterId of ['known', 'unknown']) {
        now = 1_000_000;
        const reader = clusterId === 'known' ? clusters : createClusterCache(store, () => now);
        for (let count = 0; count < 30; count += 1) {
          const before = reads;
          const request = { clusterId, webhookToken: 'wrong' };
          await authenticateCluster(reader, request, new AbortController().signal);
          costs[clusterId]?.push(reads - before);
          now += interval;
        }
      }
      expect(costs['unknown']).toEqual(costs['known']);
    },
  );

  test.each(['', 'de mo', '../demo', 'x'.repeat(300)])(
    'the id %j, which no cluster can have, is unauthorized without a read',
    async (clusterId) => {
      const { result, reads } = await authenticate(withTokens('a'), withTokens('a'), 'a', clusterId);
      expect(result).toMatchObject(unauthorized);
      expect(reads).toEqual([]);
    },
  );

  test('an outage of the table is unavailable, never unauthorized', async () => {
    const outage = unavailable('store_unavailable', { cause: 'test' });
    expect((await authenticate(outage, outage, 'a')).result).toEqual(outage);
    expect((await authenticate(withTokens('a'), outage, 'b')).result).toEqual(outage);
  });
});
