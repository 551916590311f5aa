/** The whole table as a desired state: what `apply` accepts back without a change. */
import { kinds, writeOrder } from '../../../lib/records/kinds.ts';
import type { RecordKind } from '../../../lib/records/kinds.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import type { Unreadable } from '../../admin-client/listing.ts';
import { denialId, denialRef, parseStoredDenial } from '../../../lib/records/denial.ts';
import { sameValue } from '../../../lib/json/canonical-json.ts';
import { mappingId, mappingRef, parseStoredMapping } from '../../../lib/records/mapping.ts';
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
  /** Entries under a key of an earlier version whose record the state holds already: `apply` deletes them. */
  readonly doubles: readonly JsonObject[];
  /** Pairs of mappings under keys of an earlier version, of one principal today, with different contents: no rule decides which one counts. */
  readonly rivals: readonly Pair[];
}

export type Pair = readonly [JsonObject, JsonObject];

/** Leaves out mappings of the group sync: the sync creates them again. */
export async function readState(client: AdminClient, onRead: (what: string) => void): Promise<StateRead> {
  const state: Record<string, readonly JsonObject[]> = {};
  const unreadable: Unreadable[] = [];
  const doubles: JsonObject[] = [];
  const rivals: Pair[] = [];
  for (const kind of writeOrder) {
    const { list } = kinds[kind];
    const { items, unreadable: leftOut } = await client.list(routes[kind]);
    unreadable.push(...leftOut);
    const written = items.filter((item) => item['owner'] !== 'group-sync');
    const once = onceEach(kind, written);
    const { kept } = once;
    doubles.push(...once.doubles);
    rivals.push(...once.rivals);
    state[list] = kept.map((item) => statedFields(kind, item));
    onRead(`${items.length} ${list}`);
  }
  return { state, unreadable, doubles, rivals };
}

interface Once extends Pick<StateRead, 'doubles' | 'rivals'> {
  readonly kept: readonly JsonObject[];
}

/** A record whose old item is still under a key of an earlier version is there twice: the one of today counts. */
function onceEach(kind: RecordKind, items: readonly JsonObject[]): Once {
  if (kind !== 'mapping' && kind !== 'denial') return { kept: items, doubles: [], rivals: [] };
  const isStale = (item: JsonObject): boolean => item['staleKey'] === true;
  const today = new Set(items.filter((item) => !isStale(item)).map((item) => item['id']));
  const firsts = new Map<unknown, JsonObject>();
  const doubles: JsonObject[] = [];
  const rivals: Pair[] = [];
  for (const item of items.filter(isStale)) {
    const name = idToday(kind, item);
    const first = firsts.get(name);
    if (first === undefined && !today.has(name)) firsts.set(name, item);
    else doubles.push(item);
    if (first !== undefined && kind === 'mapping' && !givesTheSame(first, item)) rivals.push([first, item]);
  }
  return { kept: items.filter((item) => !doubles.includes(item)), doubles, rivals };
}

/** The principals have one key: their spelling does not matter. */
function givesTheSame(one: JsonObject, other: JsonObject): boolean {
  const given = ({ principal: _principal, ...rest }: JsonObject): JsonObject => rest;
  return sameValue(given(statedFields('mapping', one)), given(statedFields('mapping', other)));
}

function idToday(kind: 'mapping' | 'denial', item: JsonObject): string | undefined {
  const record = kind === 'mapping' ? parseStoredMapping(item) : parseStoredDenial(item);
  if (record === undefined) return undefined;
  return 'scope' in record ? mappingId(mappingRef(record)) : denialId(denialRef(record));
}
