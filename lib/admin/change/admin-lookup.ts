/** Finds, for a cluster, one lasting mapping to its admins: in a world that one change has been laid over. */
import type { Cluster } from '../../records/cluster.ts';
import type { DenialRef } from '../../records/denial.ts';
import type { Mapping, StoredMapping } from '../../records/mapping.ts';
import type { Scope } from '../../records/scope.ts';
import { denialId } from '../../records/denial.ts';
import { mappingId } from '../../records/mapping.ts';
import { denialKeysOf, principalKey } from '../../records/principal.ts';
import { scopesOf } from '../../records/scope.ts';
import type { Store } from '../../store/ports.ts';
import { callerFromArn } from '../../identity/caller-identity.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';

/** What is to be taken as written already. */
export interface Overlay {
  /** A mapping that will give no lasting groups but these. */
  readonly replaced?: { readonly before: Mapping; readonly groups: readonly string[] } | undefined;
  readonly denied?: DenialRef | undefined;
}

/** Candidates of a page: read again by key in one call each for mappings and denials. */
const pageSize = 50;

/** Remembers what it found, per scope: a thousand clusters share `all` and their sets. */
export class AdminWitnesses {
  readonly #store: Pick<Store, 'listMappingsByScope' | 'readMany'>;
  readonly #overlay: Overlay;
  readonly #replacedId: string | undefined;
  readonly #found = new Map<string, Promise<boolean>>();

  constructor(store: Pick<Store, 'listMappingsByScope' | 'readMany'>, overlay: Overlay) {
    this.#store = store;
    this.#overlay = overlay;
    const before = overlay.replaced?.before;
    this.#replacedId =
      before === undefined
        ? undefined
        : mappingId({
            scope: before.scope,
            principalKey: principalKey(before.principal),
            owner: before.owner,
          });
  }

  /** The widest scopes first: there an answer serves the most clusters. A disabled cluster lets nobody in. */
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
    let cursor: string | undefined;
    do {
      const page = await pageOrThrow(this.#store.listMappingsByScope(scope, { limit: pageSize, cursor }));
      const candidates = page.items.filter(
        (mapping) =>
          this.#gives(mapping, adminGroups) && partitionOf(mapping) === partition && !this.#isDenied(mapping),
      );
      if (candidates.length > 0 && (await this.#anyHolds(candidates, adminGroups))) return true;
      ({ cursor } = page);
    } while (cursor !== undefined);
    return false;
  }

  #gives(mapping: StoredMapping, adminGroups: readonly string[]): boolean {
    const { replaced } = this.#overlay;
    const isReplaced = replaced !== undefined && mappingId(mapping) === this.#replacedId;
    const groups = isReplaced ? replaced.groups : mapping.groups;
    return (
      (isReplaced || mapping.expiresAt === undefined) && groups.some((group) => adminGroups.includes(group))
    );
  }

  #isDenied(mapping: StoredMapping): boolean {
    const { denied } = this.#overlay;
    return denied !== undefined && denialRefsOf(mapping).some((ref) => denialId(ref) === denialId(denied));
  }

  /** Lists are eventually consistent: what counts is what the keys hold now. */
  async #anyHolds(candidates: readonly StoredMapping[], adminGroups: readonly string[]): Promise<boolean> {
    const refs = candidates.map(({ scope, principalKey, owner }) => ({ scope, principalKey, owner }));
    const states = await readOrThrow(this.#store.readMany('mapping', refs));
    const live = states.flatMap((state) => (state.state === 'live' ? [state.stored] : []));
    const giving = live.filter((mapping) => this.#gives(mapping, adminGroups));
    const denials = await readOrThrow(this.#store.readMany('denial', giving.flatMap(denialRefsOf)));
    const denied = new Set(denials.flatMap((state) => (state.state === 'live' ? [denialId(state.ref)] : [])));
    return giving.some((mapping) => !denialRefsOf(mapping).some((ref) => denied.has(denialId(ref))));
  }
}

function partitionOf({ principal }: Mapping): string {
  if (principal.arn !== undefined) return principal.arn.split(':')[1] ?? '';
  return (principal.permissionSet ?? principal).partition ?? 'aws';
}

/** The denials that would keep out everybody whom a mapping lets in. */
function denialRefsOf(mapping: StoredMapping): readonly DenialRef[] {
  const { principal, principalId } = mapping;
  const pinned = principalId === undefined ? [] : [{ principalKey: `principal-id/${principalId}` }];
  const identity = principal.arn === undefined ? undefined : callerFromArn(principal.arn);
  const keys =
    identity === undefined
      ? [principalKey(principal), ...accountKeyOf(principal)]
      : denialKeysOf(identity).map(({ key }) => key);
  return [...keys.map((key) => ({ principalKey: key })), ...pinned];
}

const accountKeyOf = ({ permissionSet }: Mapping['principal']): readonly string[] =>
  permissionSet === undefined
    ? []
    : [principalKey({ accountId: permissionSet.accountId, partition: permissionSet.partition })];
