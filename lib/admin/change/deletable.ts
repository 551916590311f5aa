/** Records that must not be deleted while other records refer to them. Checked just before the delete; indexes may lag a moment. */
import type { UnreadableItem } from '../../errors.ts';
import { clusterScope, setScope } from '../../records/scope.ts';
import type { Scope } from '../../records/scope.ts';
import type { RecordKind, RefOf } from '../../records/kinds.ts';
import type { Store } from '../../store/ports.ts';
import { AdminProblem } from '../problem.ts';
import { everyItem, pageOrThrow } from '../lists/store-results.ts';

interface Tables {
  readonly store: Pick<Store, 'listMappingsByScope' | 'listBindings' | 'listClusters'>;
}

type Guards = { readonly [K in RecordKind]: (tables: Tables, ref: RefOf<K>) => Promise<void> };

const free = async (): Promise<void> => {};

/** @throws AdminProblem `not_empty`, also if an item that cannot be read may name the record */
export const requireDeletable: Guards = {
  cluster: async (tables, { id }) => {
    const scope = clusterScope(id);
    const mapping = await anyMapping(tables, scope);
    if (mapping !== undefined) {
      throw new AdminProblem(
        'not_empty',
        `Cluster ${id} has mappings of its own: delete them first, or use force, which deletes them too.`,
      );
    }
    await requireUnbound(tables, scope);
  },
  set: async (tables, { name }) => {
    const clusters = everyItem(async (page) => tables.store.listClusters(page), refuseUnreadable);
    for await (const cluster of clusters) {
      if (cluster.sets.includes(name)) throw inUse(`cluster ${cluster.id} is in it`);
    }
    const scope = setScope(name);
    const mapping = await anyMapping(tables, scope);
    if (mapping !== undefined) throw inUse(`mapping ${mapping} is in its scope`);
    await requireUnbound(tables, scope);
  },
  mapping: free,
  denial: free,
  binding: free,
};

const inUse = (why: string): AdminProblem =>
  new AdminProblem('not_empty', `It is in use: ${why}. Change that first.`);

/** An unreadable item may refer to the record: it counts as one that does. */
export function refuseUnreadable({ kind, key, reason }: UnreadableItem): never {
  throw new AdminProblem(
    'not_empty',
    `It may be in use: the ${kind} ${key} cannot be read: ${reason}. Do that first.`,
  );
}

/** The id of a mapping in the scope; one that cannot be read counts. */
async function anyMapping({ store }: Tables, scope: Scope): Promise<string | undefined> {
  const { items, unreadable = [] } = await pageOrThrow(store.listMappingsByScope(scope, { limit: 1 }));
  return items[0]?.id ?? unreadable[0]?.key;
}

async function requireUnbound({ store }: Tables, scope: Scope): Promise<void> {
  for await (const binding of everyItem(async (page) => store.listBindings(page), refuseUnreadable)) {
    if (binding.scope === scope) throw inUse(`group binding ${binding.id} is in its scope`);
  }
}
