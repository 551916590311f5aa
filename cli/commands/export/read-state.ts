/** The whole table as a desired state: what `apply` accepts back without a change. */
import { kinds, writeOrder } from '../../../lib/records/kinds.ts';
import type { RecordKind } from '../../../lib/records/kinds.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import type { JsonObject } from '../../json.ts';
import { statedFields } from '../record-fields.ts';

const routes: Readonly<Record<RecordKind, string>> = {
  set: '/v1/sets',
  cluster: '/v1/clusters',
  mapping: '/v1/mappings',
  denial: '/v1/denials',
  binding: '/v1/group-bindings',
};

/** Leaves out mappings of the group sync: the sync creates them again. */
export async function readState(client: AdminClient, onRead: (what: string) => void): Promise<JsonObject> {
  const state: Record<string, readonly JsonObject[]> = {};
  for (const kind of writeOrder) {
    const { list } = kinds[kind];
    const items = await client.list(routes[kind]);
    state[list] = items
      .filter((item) => item['owner'] !== 'group-sync')
      .map((item) => statedFields(kind, item));
    onRead(`${items.length} ${list}`);
  }
  return state;
}
