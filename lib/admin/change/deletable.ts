/** What must not be deleted while others name it. Asked just before the delete; indexes may be a moment behind. */
import { clusterScope, setScope } from '../../records/scope.ts';
import type { RecordKind, RefOf } from '../../records/kinds.ts';
import type { Store } from '../../store/ports.ts';
import { AdminProblem } from '../problem.ts';
import { everyItem, pageOrThrow } from '../lists/store-results.ts';

interface Tables {
  readonly store: Pick<Store, 'listMappingsByScope' | 'listBindings' | 'listClusters'>;
}

type Guards = { readonly [K in RecordKind]: (tables: Tables, ref: RefOf<K>) => Promise<void> };

const free = async (): Promise<void> => {};

/** @throws AdminProblem `not_empty` */
export const requireDeletable: Guards = {
  cluster: async (tables, { id }) => {
    const scope = clusterScope(id);
    const [mapping] = (await pageOrThrow(tables.store.listMappingsByScope(scope, { limit: 1 }))).items;
    if (mapping !== undefined) {
      throw new AdminProblem(
        'not_empty',
        `Cluster ${id} has mappings of its own: delete them first, or use force, which deletes them too.`,
      );
    }
    await requireUnbound(tables, scope);
  },
  set: async (tables, { name }) => {
    for await (const cluster of everyItem(async (page) => tables.store.listClusters(page))) {
      if (cluster.sets.includes(name)) throw inUse(`cluster ${cluster.id} is in it`);
    }
    const scope = setScope(name);
    const [mapping] = (await pageOrThrow(tables.store.listMappingsByScope(scope, { limit: 1 }))).items;
    if (mapping !== undefined) throw inUse(`mapping ${mapping.id} is in its scope`);
    await requireUnbound(tables, scope);
  },
  mapping: free,
  denial: free,
  binding: free,
};

const inUse = (why: string): AdminProblem =>
  new AdminProblem('not_empty', `It is in use: ${why}. Change that first.`);

async function requireUnbound({ store }: Tables, scope: string): Promise<void> {
  for await (const binding of everyItem(async (page) => store.listBindings(page))) {
    if (binding.scope === scope) throw inUse(`group binding ${binding.id} is in its scope`);
  }
}
