/** The whole table as a desired state: what `apply` accepts back without a change. */
import type { RecordKind } from '../../../lib/records/kinds.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { pick } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { inputFields } from '../record-fields.ts';

interface List {
  readonly name: string;
  readonly route: string;
  readonly kind: RecordKind;
}

const lists: readonly List[] = [
  { name: 'sets', route: '/v1/sets', kind: 'set' },
  { name: 'clusters', route: '/v1/clusters', kind: 'cluster' },
  { name: 'mappings', route: '/v1/mappings', kind: 'mapping' },
  { name: 'denials', route: '/v1/denials', kind: 'denial' },
  { name: 'bindings', route: '/v1/group-bindings', kind: 'binding' },
];

/** Leaves out mappings of the group sync: the sync creates them again. */
export async function readState(client: AdminClient, onRead: (what: string) => void): Promise<JsonObject> {
  const state: Record<string, readonly JsonObject[]> = {};
  for (const { name, route, kind } of lists) {
    const items = await client.list(route);
    state[name] = items
      .filter((item) => item['owner'] !== 'group-sync')
      .map((item) => pick(item, inputFields[kind]));
    onRead(`${items.length} ${name}`);
  }
  return state;
}
