/** The records that a plan compares a desired state with. */
import { expect, test } from 'vitest';
import { readCurrentState } from '../../../../lib/admin/state/current-state.ts';
import type { DesiredState } from '../../../../lib/admin/state/desired-state.ts';
import { ok } from '../../../../lib/errors.ts';
import type { Scope } from '../../../../lib/records/scope.ts';
import type { Store } from '../../../../lib/store/ports.ts';

/** A table with one cluster, `known`, and the scopes that were read by a Query each. */
function countedStore(): { readonly store: Store; readonly scopes: Scope[] } {
  const scopes: Scope[] = [];
  const page =
    (items: readonly object[] = []) =>
    async () =>
      ok({ items, unreadable: [] });
  const store = {
    listSets: page(),
    listClusters: page([{ id: 'known' }]),
    listMappingsByScope: async (scope: Scope) => {
      scopes.push(scope);
      return ok({ items: [], unreadable: [] });
    },
  } as unknown as Store;
  return { store, scopes };
}

const mapping = (scope: Scope) => ({
  scope,
  principal: { accountId: '111122223333' },
  username: 'u',
  groups: [],
});

test('a desired state that names 5,000 clusters which do not exist costs no read of their mappings', async () => {
  const { store, scopes } = countedStore();
  const mappings = Array.from({ length: 5000 }, (_, index) => mapping(`cluster/c${index}`));
  await readCurrentState(store, { mappings } as DesiredState);
  expect(scopes).toEqual(['all', 'cluster/known']);
});

test('mappings of a cluster and of a set that the desired state declares are read, listed or not', async () => {
  const { store, scopes } = countedStore();
  await readCurrentState(store, {
    sets: [{ name: 'fresh' }],
    clusters: [{ id: 'fresh', sets: [] }],
    mappings: [mapping('cluster/fresh'), mapping('set/fresh'), mapping('set/other')],
  } as unknown as DesiredState);
  expect(scopes).toEqual(['all', 'cluster/known', 'cluster/fresh', 'set/fresh']);
});

test('a desired state that declares 5,000 new clusters costs 1,000 reads of their mappings', async () => {
  const { store, scopes } = countedStore();
  const ids = Array.from({ length: 5000 }, (_, index) => `c${index}`);
  await readCurrentState(store, {
    clusters: ids.map((id) => ({ id, sets: [] })),
    mappings: ids.map((id) => mapping(`cluster/${id}`)),
  } as unknown as DesiredState);
  expect(scopes).toHaveLength(2 + 1000);
});
