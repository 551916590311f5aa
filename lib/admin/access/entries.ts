/** Reads the entries that could be about many principals on many clusters: by key, a hundred keys a call. */
import type { UnreadableItem } from '../../errors.ts';
import { lookupFor } from '../../resolve/resolve.ts';
import { denialId } from '../../records/denial.ts';
import { mappingId } from '../../records/mapping.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { DenialRef } from '../../records/denial.ts';
import type { MappingRef } from '../../records/mapping.ts';
import type { Principal, PrincipalKey } from '../../records/principal.ts';
import type { Store } from '../../store/ports.ts';
import type { Entries, Lookup } from '../../records/lookup.ts';
import { exampleCaller } from './hypothetical.ts';
import { parallelism } from '../limits.ts';
import { pagesOf } from '../../store/pages.ts';
import type { List } from '../../store/pages.ts';
import type { LiveState } from '../../records/kinds.ts';
import { readOrThrow, valueOrThrow } from '../lists/store-results.ts';

type Entry = LiveState<'mapping'> | LiveState<'denial'>;

type Keyed = Pick<Store, 'readMany' | 'readEach' | 'listByPrincipal'>;

/** A principal on a cluster. */
export interface Subject {
  readonly cluster: Cluster;
  readonly principal: Principal;
}

export interface ReadEntries {
  readonly entries: Entries;
  /** The first entry that a review of the subject would read and that cannot be read, if there is one. */
  readonly unreadableFor: (subject: Subject) => UnreadableItem | undefined;
}

/** All entries that could be about these principals on these clusters. */
export async function readEntriesOf(store: Keyed, subjects: readonly Subject[]): Promise<ReadEntries> {
  const lookups = subjects.map(lookupOf);
  const mappings = new Map(
    lookups.flatMap((lookup) => lookup.mappings.map((ref): [string, MappingRef] => [mappingId(ref), ref])),
  );
  const denials = new Map(
    lookups.flatMap((lookup) => lookup.denials.map((ref): [string, DenialRef] => [denialId(ref), ref])),
  );
  const [mappingStates, denialStates] = await Promise.all([
    readOrThrow(store.readEach('mapping', [...mappings.values()])),
    readOrThrow(store.readEach('denial', [...denials.values()])),
  ]);
  const live = mappingStates.flatMap((state) => (state.state === 'live' ? [state.stored] : []));
  const pinned = await readOrThrow(store.readMany('denial', pinDenials(live)));
  const unreadable = new Map(
    [...mappingStates, ...denialStates].flatMap((state): [string, UnreadableItem][] =>
      state.state === 'unreadable' ? [[`${state.item.kind}/${state.item.key}`, state.item]] : [],
    ),
  );
  return {
    entries: {
      mappings: live,
      denials: [...denialStates, ...pinned].flatMap((state) =>
        state.state === 'live' ? [state.stored] : [],
      ),
    },
    unreadableFor: (subject) => {
      if (unreadable.size === 0) return undefined;
      const lookup = lookupOf(subject);
      const names = [
        ...lookup.mappings.map((ref) => `mapping/${mappingId(ref)}`),
        ...lookup.denials.map((ref) => `denial/${denialId(ref)}`),
      ];
      return names.map((name) => unreadable.get(name)).find((item) => item !== undefined);
    },
  };
}

/** An account has roles and users, with one set of keys but for those of the mappings that group sync owns. */
function lookupOf({ cluster, principal }: Subject): Lookup {
  const caller = exampleCaller(principal, undefined, undefined);
  if (caller === undefined) return { mappings: [], denials: [] };
  return lookupFor({ ...caller, sessionName: undefined, accessKeyId: undefined }, cluster);
}

/** A pinned entry is about one unique id, which may be denied separately. */
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
  const list: List<Entry> = async (page) => store.listByPrincipal(key, page);
  for await (const page of pagesOf(list, { limit: 50 })) {
    const { items } = valueOrThrow(page);
    const denials = items.flatMap((entry) => (entry.kind === 'denial' ? [entry.stored] : []));
    // A denial under a former key, with capitals, denies no session.
    const holding = denials.filter(({ staleKey }) => staleKey !== true);
    sessions.push(...holding.flatMap(({ sessionName }) => sessionName ?? []));
    if (denials.length < items.length) break;
  }
  return sessions;
}
