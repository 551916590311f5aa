/** Reads what could be about many principals or clusters at once: by key, a hundred keys a call. */
import { lookupFor } from '../../resolve/resolve.ts';
import { denialId } from '../../records/denial.ts';
import { mappingId } from '../../records/mapping.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { DenialRef } from '../../records/denial.ts';
import type { MappingRef } from '../../records/mapping.ts';
import type { Principal, PrincipalKey } from '../../records/principal.ts';
import type { Store } from '../../store/ports.ts';
import type { Entries } from '../../records/lookup.ts';
import { exampleCaller } from './hypothetical.ts';
import { parallelism } from '../limits.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';

type Keyed = Pick<Store, 'readMany' | 'listByPrincipal'>;

/** All entries that could be about these principals on these clusters. */
export async function readEntriesOf(
  store: Keyed,
  questions: readonly { readonly cluster: Cluster; readonly principal: Principal }[],
): Promise<Entries> {
  const mappings = new Map<string, MappingRef>();
  const denials = new Map<string, DenialRef>();
  for (const { cluster, principal } of questions) {
    // An account has roles and users, with one set of keys but for what group sync keeps of users alone.
    const caller = exampleCaller(principal, undefined, undefined);
    if (caller === undefined) continue;
    const lookup = lookupFor({ ...caller, sessionName: undefined, accessKeyId: undefined }, cluster);
    for (const ref of lookup.mappings) mappings.set(mappingId(ref), ref);
    for (const ref of lookup.denials) denials.set(denialId(ref), ref);
  }
  const [mappingStates, denialStates] = await Promise.all([
    readOrThrow(store.readMany('mapping', [...mappings.values()])),
    readOrThrow(store.readMany('denial', [...denials.values()])),
  ]);
  const live = mappingStates.flatMap((state) => (state.state === 'live' ? [state.stored] : []));
  const pinned = await readOrThrow(store.readMany('denial', pinDenials(live)));
  return {
    mappings: live,
    denials: [...denialStates, ...pinned].flatMap((state) => (state.state === 'live' ? [state.stored] : [])),
  };
}

/** A pinned entry is about one unique id, which may be denied by itself. */
const pinDenials = (mappings: Entries['mappings']): DenialRef[] =>
  [...new Set(mappings.flatMap(({ principalId }) => principalId ?? []))].map((id) => ({
    principalKey: `principal-id/${id}`,
  }));

/** Per principal key, the sessions that are denied one by one. One Query each: denials come before mappings. */
export async function readDeniedSessions(
  store: Keyed,
  keys: readonly PrincipalKey[],
): Promise<ReadonlyMap<PrincipalKey, readonly string[]>> {
  const lists = await mapConcurrently(keys, parallelism, async (key): Promise<[PrincipalKey, string[]]> => [
    key,
    await deniedSessions(store, key),
  ]);
  return new Map(lists);
}

async function deniedSessions(store: Keyed, key: PrincipalKey): Promise<string[]> {
  const sessions: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageOrThrow(store.listByPrincipal(key, { limit: 50, cursor }));
    const denials = page.items.flatMap((entry) => (entry.kind === 'denial' ? [entry.stored] : []));
    sessions.push(...denials.flatMap(({ sessionName }) => sessionName ?? []));
    cursor = denials.length === page.items.length ? page.cursor : undefined;
  } while (cursor !== undefined);
  return sessions;
}
