import { describe, expect, it } from 'vitest';
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
  it('remembers a cluster for 30 s', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now += 29_999;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 1)));
    state.now += 1;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
  });

  it('reads again for a token that does not match, once a second at most', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now += 999;
    expect(await cache.readClusterAgain('c', signal())).toEqual(ok(found('c', 1)));
    state.now += 1;
    expect(await cache.readClusterAgain('c', signal())).toEqual(ok(found('c', 2)));
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
    expect(state.reads).toHaveLength(2);
  });

  it('remembers for 5 s that there is no such cluster', async () => {
    const { cache, state } = create();
    for (const later of [0, 4999, 1]) {
      state.now += later;
      expect(await cache.readCluster('unknown', signal())).toEqual(ok(undefined));
    }
    expect(state.reads).toHaveLength(2);
  });

  it('keeps its clusters while somebody invents ids, and forgets the oldest of those', async () => {
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

  it('shares reads that are under way', async () => {
    const { cache, state, holdReads } = create();
    const release = holdReads();
    const reads = Array.from({ length: 20 }, () => cache.readCluster('c', signal()));
    release();
    expect(new Set(await Promise.all(reads)).size).toBe(1);
    expect(state.reads).toHaveLength(1);
  });

  it('lets one caller give up without the others', async () => {
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

  it('does not remember failures, and does not answer from what is too old', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.down = true;
    state.now += 30_000;
    expect(await cache.readCluster('c', signal())).toMatchObject({ ok: false });
    state.down = false;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 3)));
  });

  it('does not keep what a clock that was set back makes look young', async () => {
    const { cache, state } = create();
    await cache.readCluster('c', signal());
    state.now -= 60_000;
    expect(await cache.readCluster('c', signal())).toEqual(ok(found('c', 2)));
  });
});
