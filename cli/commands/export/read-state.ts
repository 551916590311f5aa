/** The whole table as a desired state: what `apply` accepts back without a change. */
import { kinds, writeOrder } from '../../../lib/records/kinds.ts';
import type { RecordKind } from '../../../lib/records/kinds.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import type { Unreadable } from '../../admin-client/listing.ts';
import type { JsonObject } from '../../json.ts';
import { statedFields } from '../record-fields.ts';

const routes: Readonly<Record<RecordKind, string>> = {
  set: '/v1/sets',
  cluster: '/v1/clusters',
  mapping: '/v1/mappings',
  denial: '/v1/denials',
  binding: '/v1/group-bindings',
};

export interface StateRead {
  readonly state: JsonObject;
  /** What the state does not hold because it cannot be read. */
  readonly unreadable: readonly Unreadable[];
}

/** Leaves out mappings of the group sync: the sync creates them again. */
export async function readState(client: AdminClient, onRead: (what: string) => void): Promise<StateRead> {
  const state: Record<string, readonly JsonObject[]> = {};
  const unreadable: Unreadable[] = [];
  for (const kind of writeOrder) {
    const { list } = kinds[kind];
    const { items, unreadable: leftOut } = await client.list(routes[kind]);
    unreadable.push(...leftOut);
    state[list] = items
      .filter((item) => item['owner'] !== 'group-sync')
      .map((item) => statedFields(kind, item));
    onRead(`${items.length} ${list}`);
  }
  return { state, unreadable };
}
