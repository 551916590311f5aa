/** Searches the table for entries that nearly match a caller: a bounded number of them. */
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import { mappingKeysOf } from '../../records/principal.ts';
import { scopesOf } from '../../records/scope.ts';
import type { Store } from '../../store/ports.ts';
import { pageOrThrow } from '../lists/store-results.ts';
import { nearDenial } from './near-denials.ts';
import type { NearDenial } from './near-denials.ts';
import { nearMiss } from './near-misses.ts';
import type { NearMiss } from './near-misses.ts';

/** Entries compared in each list, so that the cost of a question does not grow with the fleet. */
const comparedEntries = 2000;
const shownMisses = 20;

export async function findNearMisses(
  store: Store,
  caller: CallerIdentity,
  cluster: Cluster,
): Promise<{ readonly near: readonly NearMiss[]; readonly complete: boolean }> {
  const lists = [
    ...mappingKeysOf(caller)
      .filter(({ kind }) => kind !== 'account')
      .map(({ key }) => async (cursor: string | undefined) => {
        const page = await pageOrThrow(store.listByPrincipal(key, { limit: 200, cursor }));
        return {
          ...page,
          items: page.items.flatMap((entry) => (entry.kind === 'mapping' ? [entry.stored] : [])),
        };
      }),
    ...scopesOf(cluster).map(
      (scope) => async (cursor: string | undefined) =>
        pageOrThrow(store.listMappingsByScope(scope, { limit: 200, cursor })),
    ),
  ];
  const near: NearMiss[] = [];
  let complete = true;
  for (const list of lists) {
    let cursor: string | undefined;
    for (let compared = 0; compared < comparedEntries; compared += 200) {
      const page: { readonly items: readonly StoredMapping[]; readonly cursor?: string | undefined } =
        await list(cursor);
      near.push(...page.items.flatMap((mapping) => nearMiss(caller, cluster, mapping) ?? []));
      ({ cursor } = page);
      if (cursor === undefined) break;
    }
    complete &&= cursor === undefined;
  }
  return { near: near.slice(0, shownMisses), complete: complete && near.length <= shownMisses };
}

export async function findNearDenials(
  store: Store,
  caller: CallerIdentity,
): Promise<{ readonly near: readonly NearDenial[]; readonly complete: boolean }> {
  const near: NearDenial[] = [];
  let cursor: string | undefined;
  for (let compared = 0; compared < comparedEntries; compared += 200) {
    const page = await pageOrThrow(store.listDenials({ limit: 200, cursor }));
    near.push(...page.items.flatMap((denial) => nearDenial(caller, denial) ?? []));
    ({ cursor } = page);
    if (cursor === undefined) break;
  }
  // What depends on unknown credentials comes last: there may be much of it.
  const shown = near.toSorted((a, b) => Number(isOfCredentials(a)) - Number(isOfCredentials(b)));
  return {
    near: shown.slice(0, shownMisses),
    complete: cursor === undefined && near.length <= shownMisses,
  };
}

const isOfCredentials = ({ differs }: NearDenial): boolean =>
  differs === 'unique-id' || differs === 'access-key';
