/** The entries that a new mapping or binding could share a username with, read with a bounded number of Queries. */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { Instant } from '../../errors.ts';
import type { GroupBinding } from '../../records/binding.ts';
import type { Mapping } from '../../records/mapping.ts';
import { scopeParts, scopesOf } from '../../records/scope.ts';
import type { Scope } from '../../records/scope.ts';
import { mappingKeyOf } from '../../records/principal.ts';
import type { Store } from '../../store/ports.ts';
import { parallelism } from '../limits.ts';
import {
  entryOfBinding,
  entryOfMapping,
  keysAbove,
  renamedWarnings,
  sharedNameWarnings,
} from './shared-names.ts';
import type { NamingEntry } from './shared-names.ts';
import type { Warning } from './warnings.ts';

type Reads = Pick<Store, 'listMappingsByScope' | 'listBindings' | 'listClusters' | 'readMany'>;

/** Scopes that are read, of each the first {@link pageSize} entries. */
const scopesRead = 25;
const pageSize = 200;

interface Found<T> {
  readonly items: readonly T[];
  /** There is more, or it could not be read. */
  readonly isPart: boolean;
}

/** The warnings about names of a mapping. A read that fails stops no write: the answer names what was not compared. */
export async function mappingNameWarnings(
  store: Reads,
  mapping: Pick<Mapping, 'scope' | 'principal' | 'username'>,
  now: Instant,
): Promise<readonly Warning[]> {
  const { mappings, bindings, isPart } = await readOthers(store, mapping.scope, now);
  const entry = entryOfMapping(mapping);
  const own = new Set(keysAbove(mapping.principal));
  const ofCallers = mappings.filter(({ principal }) => own.has(mappingKeyOf(principal)));
  return [
    ...renamedWarnings(entry, ofCallers),
    ...sharedNameWarnings(entry, [...mappings, ...bindings]),
    ...uncheckedWarnings(isPart),
  ];
}

/** As {@link mappingNameWarnings}, of the members of a group; entries that the sync wrote for them are their own. */
export async function bindingNameWarnings(
  store: Reads,
  binding: GroupBinding,
  now: Instant,
): Promise<readonly Warning[]> {
  const { mappings, bindings, isPart } = await readOthers(store, binding.scope, now);
  const entry = entryOfBinding(binding);
  const others = [...mappings, ...bindings].filter(({ called }) => called !== entry.called);
  return [...sharedNameWarnings(entry, others), ...uncheckedWarnings(isPart)];
}

const uncheckedWarnings = (isPart: boolean): readonly Warning[] =>
  isPart
    ? [
        {
          code: 'username_unchecked',
          message: `Whether another entry has this username was compared with a part of the entries only: ${scopesRead} scopes at most, and ${pageSize} entries of each.`,
        },
      ]
    : [];

async function readOthers(store: Reads, scope: Scope, now: Instant) {
  const scopes = await scopesThatMeet(store, scope);
  const read = scopes.items.slice(0, scopesRead);
  const pages = await mapConcurrently(read, parallelism, async (one): Promise<Found<NamingEntry>> => {
    const page = await store.listMappingsByScope(one, { limit: pageSize });
    if (!page.ok) return { items: [], isPart: true };
    const live = page.value.items.filter(
      ({ expiresAt, staleKey }) =>
        staleKey !== true && (expiresAt === undefined || now < Date.parse(expiresAt)),
    );
    return { items: live.map(entryOfMapping), isPart: isPartOf(page.value) };
  });
  const bindings = await store.listBindings({ limit: pageSize });
  const meeting = bindings.ok
    ? bindings.value.items.filter((other) => scopes.items.includes(other.scope))
    : [];
  return {
    mappings: pages.flatMap(({ items }) => items),
    bindings: meeting.map(entryOfBinding),
    isPart:
      scopes.isPart ||
      scopes.items.length > scopesRead ||
      pages.some(({ isPart }) => isPart) ||
      !bindings.ok ||
      isPartOf(bindings.value),
  };
}

const isPartOf = (page: { readonly cursor?: string | undefined; readonly unreadable?: unknown }): boolean =>
  page.cursor !== undefined || page.unreadable !== undefined;

/** Every scope that reaches a cluster that this scope reaches, the widest first. */
async function scopesThatMeet(store: Reads, scope: Scope): Promise<Found<Scope>> {
  const parts = scopeParts(scope);
  if (parts.kind === 'cluster') {
    const states = await store.readMany('cluster', [{ id: parts.id }]);
    const [state] = states.ok ? states.value : [];
    const sets = state?.state === 'live' ? state.record.sets : [];
    return { items: scopesOf({ id: parts.id, sets }).toReversed(), isPart: !states.ok };
  }
  const page = await store.listClusters({ limit: pageSize });
  if (!page.ok) return { items: ['all', scope], isPart: true };
  const clusters = page.value.items.filter(({ sets }) => parts.kind === 'all' || sets.includes(parts.name));
  const narrow = clusters.flatMap((cluster) => scopesOf(cluster));
  const ofSets = narrow.filter((one) => one.startsWith('set/'));
  return { items: [...new Set<Scope>(['all', scope, ...ofSets, ...narrow])], isPart: isPartOf(page.value) };
}
