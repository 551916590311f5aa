import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import type { Result, Unavailable } from '../../../lib/errors.ts';
import { createClusterCache } from '../../../lib/review/cluster-cache.ts';
import type { ClusterWithTokens } from '../../../lib/store/ports.ts';
import { cluster } from '../../fixtures/records.ts';

const signal = (): AbortSignal => new AbortController().signal;
const at = { createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
const found = (id: string, version: number): ClusterWithTokens => ({
  cluster: { ...cluster(id), ...at, version },
  webhookTokens: [],
});

/** A cache over clusters whose ids begin with `c`; each read gives the next version. */
function create() {
  const state = { now: 1_000_000, reads: [] as string[], down: false };
  let hold: Promise<void> = Promise.resolve();
  const readCluster = async (id: string): Promise<Result<ClusterWithTokens | undefined, Unavailable>> => {
    state.reads.push(id);
    const version = state.reads.length;
    await hold;
    if (state.down) return unavailable('store_unavailable', { cause: 'test' });
    return ok(id.startsWith('c') ? found(id, version) : undefined);
  };
  const cache = createClusterCache({ readCluster }, () => state.now);
  const holdReads = (): (() => void) => {
    let release = (): void => {};
    hold = new Promise((resolve) => (release = resolve));
    return release;
  };
  return { cache, state, holdReads };
}

describe('the cluster cache', () => {
  test('a cluster is cached for 30 s', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now += 29_999;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 1)));
    state.now += 1;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
  });

  test('a cluster is read again for a token that does not match, once a second at most', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now += 999;
    expect(await cache.readClusterAgain('c', signal())).toEqual(ok(found('c', 1)));
    state.now += 1;
    expect(await cache.readClusterAgain('c', signal())).toEqual(ok(found('c', 2)));
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
    expect(state.reads).toHaveLength(2);
  });

  test('a missing cluster is cached for 5 s', async () => {
    const { cache, state } = create();
    for (const later of [0, 4999, 1]) {
      state.now += later;
      expect(await cache.readCluster('unknown', signal())).toEqual(ok(undefined));
    }
    expect(state.reads).toHaveLength(2);
  });

  test('a flood of invented ids evicts no cluster, but the oldest of those ids', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    for (let index = 0; index <= 1000; index += 1) await cache.readCluster(`unknown-${index}`, signal());
    state.reads.length = 0;
    await cache.readCluster('c', signal());
    await cache.readCluster('unknown-1000', signal());
    expect(state.reads).toEqual([]);
    await cache.readCluster('unknown-0', signal());
    expect(state.reads).toEqual(['unknown-0']);
  });

  test('concurrent reads of a cluster are one', async () => {
    const { cache, state, holdReads } = create();
    const release = holdReads();
    const reads = Array.from({ length: 20 }, () => cache.readCluster('c', signal()));
    release();
    expect(new Set(await Promise.all(reads)).size).toBe(1);
    expect(state.reads).toHaveLength(1);
  });

  test('a caller that gives up does not end the read for the others', async () => {
    const { cache, holdReads } = create();
    const release = holdReads();
    const impatient = new AbortController();
    const first = cache.readCluster('c', impatient.signal);
    const second = cache.readCluster('c', signal());
    impatient.abort();
    expect(await first).toMatchObject({ ok: false, failure: { code: 'store_unavailable' } });
    release();
    expect(await second).toMatchObject({ ok: true });
  });

  test('a failure is not cached, and a stale cluster is not returned', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.down = true;
    state.now += 30_000;
    expect(await cache.readCluster('c', signal())).toMatchObject({ ok: false });
    state.down = false;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 3)));
  });

  test('a clock that is set back makes a cached cluster stale', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now -= 60_000;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
  });
});
