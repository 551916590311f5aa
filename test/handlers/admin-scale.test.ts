import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkLoad } from '../../lib/store/dynamodb/bulk-load.ts';
import type { Scope } from '../../lib/records/scope.ts';
import type { Store } from '../../lib/store/ports.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { cluster, mapping } from '../fixtures/records.ts';
import { cases } from '../fixtures/scale.ts';

/** A fleet: 1,000 clusters and 20,000 mappings in the long run. What a page costs must not grow with it. */
const clusters = cases(120, 1000);
const mappings = cases(1200, 20_000);
const sets = 20;

/** Counts what is read: Queries, and BatchGetItems of a hundred keys. */
class Reads {
  queries = 0;
  batches = 0;

  counting(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          if (name === 'readMany' || name === 'readEach')
            this.batches += Math.ceil((args[1] as unknown[]).length / 100);
          else this.queries += 1;
          return Reflect.apply(method, target, args);
        };
      },
    });
  }

  reset(): void {
    this.queries = 0;
    this.batches = 0;
  }
}

describe(`a fleet of ${clusters} clusters and ${mappings} mappings`, () => {
  const reads = new Reads();
  let fixture: AdminFixture;
  beforeAll(async () => {
    fixture = await createAdminFixture({ store: (store) => reads.counting(store) });
    const { client, table } = fixture.table;
    const name = (index: number): string => `c${String(index).padStart(4, '0')}`;
    const scopes: readonly Scope[] = [
      'all',
      ...Array.from({ length: sets }, (_, index): Scope => `set/s${index}`),
      ...Array.from({ length: clusters }, (_, index): Scope => `cluster/${name(index)}`),
    ];
    await bulkLoad(
      {
        sets: Array.from({ length: sets }, (_, index) => ({ name: `s${index}` })),
        clusters: Array.from({ length: clusters }, (_, index) =>
          cluster(name(index), { sets: [`s${index % sets}`] }),
        ),
        mappings: [
          mapping('Admin', { scope: 'all', groups: ['system:masters'] }),
          ...Array.from({ length: mappings - 1 }, (_, index) =>
            mapping(`R${index}`, { scope: scopes[index % scopes.length]! }),
          ),
        ],
      },
      { client, table, actor: 'test', clock: Date.now },
    );
  }, 600_000);
  afterAll(async () => {
    await fixture.close();
  });

  /** Every page of a list; `most` is what one page may cost, in Queries and in batches of keys. */
  async function everyPage(
    path: string,
    query: Readonly<Record<string, string>>,
    most: readonly [number, number],
  ): Promise<AnyJson[]> {
    const items: AnyJson[] = [];
    let cursor: string | undefined;
    do {
      reads.reset();
      const page = await askOk(fixture, {
        method: 'GET',
        path,
        query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
      });
      expect(reads.queries, `Queries of a page of ${path}`).toBeLessThanOrEqual(most[0]);
      expect(reads.batches, `batches of a page of ${path}`).toBeLessThanOrEqual(most[1]);
      items.push(...page.items);
      ({ cursor } = page);
    } while (cursor !== undefined);
    return items;
  }

  test('a page of clusters costs one Query', async () => {
    const items = await everyPage('/v1/clusters', { limit: '100' }, [1, 0]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(clusters);
  }, 120_000);

  test('the list of all mappings holds each mapping exactly once', async () => {
    const items = await everyPage('/v1/mappings', { limit: '200' }, [60, 0]);
    expect(items).toHaveLength(mappings);
    expect(new Set(items.map(({ id }) => id)).size).toBe(mappings);
  }, 240_000);

  test('an access review of a cluster reads only its scopes and its principals', async () => {
    // A page of 20: the cluster, three scopes, one Query a principal; 3 scopes × 2 keys and 2 denials of each by key.
    const items = await everyPage('/v1/access', { clusterId: 'c0001', limit: '20' }, [24, 4]);
    expect(items.length).toBeGreaterThan(10);
    expect(items).toContainEqual(expect.objectContaining({ username: 'Admin', groups: ['system:masters'] }));
  }, 120_000);

  test('an access review of a principal reads by key, cluster after cluster', async () => {
    const principal = 'arn:aws:iam::111122223333:role/Admin';
    // A page of 100 clusters: the clusters, the principal's sessions; 2 keys in 100 clusters' scopes, 20 sets and all.
    const items = await everyPage('/v1/access', { principal, limit: '100' }, [2, 5]);
    expect(items).toHaveLength(clusters);
  }, 120_000);

  test('the last-admin guard reads every scope at most once', async () => {
    const [admin] = (
      await askOk(fixture, {
        method: 'GET',
        path: '/v1/mappings',
        query: { principal: 'arn:aws:iam::111122223333:role/Admin' },
      })
    ).items;
    reads.reset();
    const answer = await fixture.ask({ method: 'DELETE', path: `/v1/mappings/${admin.id}` });
    expect(answer).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    // It ends with the first ten clusters at risk; nobody else is an admin anywhere.
    expect(reads.queries).toBeLessThanOrEqual(150);
  }, 120_000);

  test('explain reads only the cluster, its scopes and the principal', async () => {
    reads.reset();
    const body = { clusterId: 'c0001', arn: 'arn:aws:iam::111122223333:role/R1' };
    await askOk(fixture, { method: 'POST', path: '/v1/explain', body });
    expect(reads.queries).toBeLessThanOrEqual(12);
  });

  test('a plan of the whole fleet has no step', async () => {
    const fields = ['scope', 'principal', 'username', 'groups'];
    const stored = await everyPage('/v1/mappings', { limit: '200' }, [60, 0]);
    const state = {
      mappings: stored.map((one) => Object.fromEntries(fields.map((name) => [name, one[name]]))),
    };
    const plan = await askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });
    expect(plan).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: mappings });
  }, 240_000);
});
