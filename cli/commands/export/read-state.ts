/** The table as a desired state: what `apply` takes back without a change. */
import { pick } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import type { AdminClient } from '../../admin-client/client.ts';

const lists = [
  { name: 'sets', route: '/v1/sets', fields: ['name', 'description'] },
  {
    name: 'clusters',
    route: '/v1/clusters',
    fields: ['id', 'description', 'partition', 'sets', 'adminGroups', 'disabled'],
  },
  {
    name: 'mappings',
    route: '/v1/mappings',
    fields: ['scope', 'principal', 'username', 'groups', 'expiresAt', 'principalId', 'instanceProfiles'],
  },
  {
    name: 'denials',
    route: '/v1/denials',
    fields: ['principal', 'principalId', 'accessKeyId', 'sessionName', 'reason'],
  },
  {
    name: 'bindings',
    route: '/v1/group-bindings',
    fields: [
      'id',
      'iamGroup',
      'readerRoleArn',
      'externalId',
      'scope',
      'username',
      'groups',
      'allowSystemGroups',
    ],
  },
] as const;

/** Mappings of the group sync are left out: they are no admin's to state, and the sync makes them again. */
export async function readState(client: AdminClient, onRead: (what: string) => void): Promise<JsonObject> {
  const state: Record<string, readonly JsonObject[]> = {};
  for (const { name, route, fields } of lists) {
    const items = await client.list(route);
    state[name] = items.filter((item) => item['owner'] !== 'group-sync').map((item) => pick(item, fields));
    onRead(`${items.length} ${name}`);
  }
  return state;
}
