/** Checks that a cluster has a permanent admin, as the table is or as it would be after a pending change. */
import type { Cluster } from '../../records/cluster.ts';
import type { DenialRef } from '../../records/denial.ts';
import type { Mapping, StoredMapping } from '../../records/mapping.ts';
import type { Scope } from '../../records/scope.ts';
import { denialId } from '../../records/denial.ts';
import { mappingId, mappingRef } from '../../records/mapping.ts';
import { denialKeyOf, denialKeysOf } from '../../records/principal.ts';
import { scopesOf } from '../../records/scope.ts';
import type { Store } from '../../store/ports.ts';
import { callerFromArn } from '../../identity/caller-identity.ts';
import type { UnreadableItem } from '../../errors.ts';
import type { RefOf } from '../../records/kinds.ts';
import { pagesOf } from '../../store/pages.ts';
import type { List } from '../../store/pages.ts';
import { readOrThrow, valueOrThrow } from '../lists/store-results.ts';

/** A pending change, which the lookup treats as written. */
export interface PendingChange {
  /** A mapping whose permanent groups will be these. */
  readonly replaced?: { readonly before: Mapping; readonly groups: readonly string[] } | undefined;
  readonly denied?: DenialRef | undefined;
}

/** Candidates of a page: read again by key in one call each for mappings and denials. */
const pageSize = 50;

type LookupStore = Pick<Store, 'listMappingsByScope' | 'readEach'>;

/**
 * A permanent admin is a principal with a mapping that never expires to one of the cluster's `adminGroups`, and that is
 * not denied. An unreadable item never helps a caller: a mapping grants nothing, a denial denies.
 * Results are cached per scope, since a thousand clusters share `all` and their sets.
 */
export class AdminLookup {
  readonly #store: LookupStore;
  readonly #pending: PendingChange;
  readonly #onUnreadable: (item: UnreadableItem) => void;
  readonly #replacedId: string | undefined;
  readonly #found = new Map<string, Promise<boolean>>();

  constructor(store: LookupStore, pending: PendingChange, onUnreadable: (item: UnreadableItem) => void) {
    this.#store = store;
    this.#pending = pending;
    this.#onUnreadable = onUnreadable;
    const before = pending.replaced?.before;
    this.#replacedId = before === undefined ? undefined : mappingId(mappingRef(before));
  }

  /** The widest scopes first, since their results serve the most clusters. A disabled cluster has no admin. */
  async hasAdmin(cluster: Cluster): Promise<boolean> {
    if (cluster.disabled === true) return false;
    for (const scope of scopesOf(cluster).toReversed()) {
      if (await this.#inScope(scope, cluster)) return true;
    }
    return false;
  }

  async #inScope(scope: Scope, { adminGroups, partition }: Cluster): Promise<boolean> {
    const key = JSON.stringify([scope, partition, adminGroups.toSorted()]);
    const known = this.#found.get(key) ?? this.#search(scope, adminGroups, partition);
    this.#found.set(key, known);
    return known;
  }

  async #search(scope: Scope, adminGroups: readonly string[], partition: string): Promise<boolean> {
    const list: List<StoredMapping> = async (page) => this.#store.listMappingsByScope(scope, page);
    for await (const page of pagesOf(list, { limit: pageSize })) {
      const { items, unreadable = [] } = valueOrThrow(page);
      for (const item of unreadable) this.#onUnreadable(item);
      const candidates = items.filter(
        (mapping) =>
          this.#grants(mapping, adminGroups) &&
          partitionOf(mapping) === partition &&
          !this.#isDenied(mapping),
      );
      if (candidates.length > 0 && (await this.#anyIsAdmin(candidates, adminGroups))) return true;
    }
    return false;
  }

  #grants(mapping: StoredMapping, adminGroups: readonly string[]): boolean {
    if (mapping.staleKey === true) return false;
    const { replaced } = this.#pending;
    const isReplaced = replaced !== undefined && mappingId(mapping) === this.#replacedId;
    const groups = isReplaced ? replaced.groups : mapping.groups;
    return (
      (isReplaced || mapping.expiresAt === undefined) && groups.some((group) => adminGroups.includes(group))
    );
  }

  #isDenied(mapping: StoredMapping): boolean {
    const { denied } = this.#pending;
    return denied !== undefined && denialRefsOf(mapping).some((ref) => denialId(ref) === denialId(denied));
  }

  /** Lists are eventually consistent, so candidates are read again by key. */
  async #anyIsAdmin(candidates: readonly StoredMapping[], adminGroups: readonly string[]): Promise<boolean> {
    const refs = candidates.map(({ scope, principalKey, owner }) => ({ scope, principalKey, owner }));
    const states = await this.#readEach('mapping', refs);
    const live = states.flatMap((state) => (state.state === 'live' ? [state.stored] : []));
    const granting = live.filter((mapping) => this.#grants(mapping, adminGroups));
    const denials = await this.#readEach('denial', granting.flatMap(denialRefsOf));
    const denied = new Set(
      denials.flatMap(({ state, ref }) =>
        state === 'live' || state === 'unreadable' ? [denialId(ref)] : [],
      ),
    );
    return granting.some((mapping) => !denialRefsOf(mapping).some((ref) => denied.has(denialId(ref))));
  }

  async #readEach<K extends 'mapping' | 'denial'>(kind: K, refs: readonly RefOf<K>[]) {
    const states = await readOrThrow(this.#store.readEach(kind, refs));
    for (const state of states) if (state.state === 'unreadable') this.#onUnreadable(state.item);
    return states;
  }
}

function partitionOf({ principal }: Mapping): string | undefined {
  if (principal.arn !== undefined) return principal.arn.split(':')[1];
  return (principal.permissionSet ?? principal).partition ?? 'aws';
}

/** The denials that would deny every caller of a mapping. */
function denialRefsOf(mapping: StoredMapping): readonly DenialRef[] {
  const { principal, principalId } = mapping;
  const pinned = principalId === undefined ? [] : [{ principalKey: `principal-id/${principalId}` }];
  const identity = principal.arn === undefined ? undefined : callerFromArn(principal.arn);
  const keys =
    identity === undefined
      ? [denialKeyOf(principal), ...accountKeyOf(principal)]
      : denialKeysOf(identity).map(({ key }) => key);
  return [...keys.map((key) => ({ principalKey: key })), ...pinned];
}

const accountKeyOf = ({ permissionSet }: Mapping['principal']): readonly string[] =>
  permissionSet === undefined
    ? []
    : [denialKeyOf({ accountId: permissionSet.accountId, partition: permissionSet.partition })];
