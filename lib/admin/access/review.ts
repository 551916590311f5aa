/** Who can enter a cluster, and where a principal can enter: pages of rows, with a bounded number of reads each. */
import * as v from 'valibot';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { denialKeyOf, denialKeysOf, principalKind } from '../../records/principal.ts';
import { scopesOf } from '../../records/scope.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Principal, PrincipalKey } from '../../records/principal.ts';
import type { Scope } from '../../records/scope.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import { describe } from '../../errors.ts';
import type { Instant, UnreadableItem } from '../../errors.ts';
import { unreadableFailure } from '../../store/layout/unreadable.ts';
import type { Page, PageRequest, Store } from '../../store/ports.ts';
import { readDeniedSessions, readEntriesOf } from './entries.ts';
import type { Subject } from './entries.ts';
import { accessRows } from './rows.ts';
import type { AccessRow } from './rows.ts';
import { decodeCursor, encodeCursor } from '../lists/cursor.ts';
import { exampleCaller } from './hypothetical.ts';
import { parallelism } from '../limits.ts';
import { pageOrThrow } from '../lists/store-results.ts';

export type ReviewedRow = AccessRow & { readonly deniedSessions?: readonly string[] | undefined };

const clusterPosition = v.strictObject({
  /** Principal keys up to this one are done. */
  after: v.string(),
  /** Per scope whose list has more pages: its cursor. */
  lists: v.record(v.string(), v.string()),
});

interface ScopePage {
  readonly scope: Scope;
  readonly page: Page<StoredMapping>;
  /** The cursor of this page. */
  readonly at: string | undefined;
}

/**
 * The principals of a cluster's scopes, merged in the order of their keys. Per page: a Query for each scope (seven at
 * most), the keys of the page's principals, a hundred a call, and a Query for each principal that has sessions.
 */
export async function accessOfCluster(
  store: Store,
  cluster: Cluster,
  now: Instant,
  { limit, cursor }: PageRequest,
): Promise<Page<ReviewedRow>> {
  const start = cursor === undefined ? undefined : decodeCursor(clusterPosition, cursor);
  const open = scopesOf(cluster).filter((scope) => start === undefined || Object.hasOwn(start.lists, scope));
  const pages = await mapConcurrently(open, parallelism, async (scope): Promise<ScopePage> => {
    const at = start?.lists[scope] === '' ? undefined : start?.lists[scope];
    return { scope, at, page: await pageOrThrow(store.listMappingsByScope(scope, { limit, cursor: at })) };
  });
  const { principals, after } = merge(pages, start?.after ?? '', limit);
  const items = await rowsOf(
    store,
    principals.map((principal) => ({ cluster, principal })),
    now,
  );
  const lists = listsAfter(pages, after);
  return {
    items,
    ...(Object.keys(lists).length === 0 ? {} : { cursor: encodeCursor({ after, lists }) }),
    ...unreadableOf(pages.map(({ page }) => page)),
  };
}

/** The next principals, each once, up to the end of the shortest page that has a next one. */
function merge(
  pages: readonly ScopePage[],
  after: PrincipalKey,
  limit: number,
): { readonly principals: readonly Principal[]; readonly after: PrincipalKey } {
  const frontiers = pages.flatMap(({ page }) =>
    page.cursor === undefined ? [] : (page.items.at(-1)?.principalKey ?? ['']),
  );
  const frontier = frontiers.toSorted()[0];
  const byKey = new Map<PrincipalKey, Principal>();
  for (const { principalKey: key, principal } of pages.flatMap(({ page }) => page.items)) {
    if (key > after && (frontier === undefined || key <= frontier) && !byKey.has(key))
      byKey.set(key, principal);
  }
  const keys = [...byKey.keys()].toSorted().slice(0, limit);
  return {
    principals: keys.flatMap((key) => byKey.get(key) ?? []),
    after: keys.at(-1) ?? after,
  };
}

/** A page with principals that were not returned yet is read again; `''` is the beginning of a list. */
function listsAfter(pages: readonly ScopePage[], after: PrincipalKey): Readonly<Record<string, string>> {
  const entries = pages.flatMap(({ scope, at, page }): [string, string][] => {
    const isUsedUp = page.items.every(({ principalKey: key }) => key <= after);
    if (!isUsedUp) return [[scope, at ?? '']];
    return page.cursor === undefined ? [] : [[scope, page.cursor]];
  });
  return Object.fromEntries(entries);
}

/** Per page: one Query of clusters, and the principal's keys on each of them, a hundred a call. */
export async function accessOfPrincipal(
  store: Store,
  principal: Principal,
  now: Instant,
  request: PageRequest,
): Promise<Page<ReviewedRow>> {
  const page = await pageOrThrow(store.listClusters(request));
  return {
    items: await rowsOf(
      store,
      page.items.map((cluster) => ({ cluster, principal })),
      now,
    ),
    cursor: page.cursor,
    ...unreadableOf([page]),
  };
}

function unreadableOf(pages: readonly Page<unknown>[]): Pick<Page<unknown>, 'unreadable'> {
  const unreadable = pages.flatMap((page) => page.unreadable ?? []);
  return unreadable.length === 0 ? {} : { unreadable };
}

async function rowsOf(
  store: Store,
  subjects: readonly Subject[],
  now: Instant,
): Promise<readonly ReviewedRow[]> {
  const { entries, unreadableFor } = await readEntriesOf(store, subjects);
  const rows = subjects.flatMap((subject) => {
    const unreadable = unreadableFor(subject);
    return unreadable === undefined
      ? accessRows({ ...subject, entries, now })
      : [unavailableRow(subject, unreadable)];
  });
  const keys = rows.flatMap(({ principal }) => keysWithSessions(principal));
  const denied = await readDeniedSessions(store, [...new Set(keys)]);
  return rows.map((row) => withDeniedSessions(row, denied));
}

/** A review of the subject would be unavailable. */
const unavailableRow = ({ cluster, principal }: Subject, item: UnreadableItem): AccessRow => {
  const { failure } = unreadableFailure(item);
  const denied = { code: failure.code, detail: describe(failure) };
  return { clusterId: cluster.id, principal, groups: [], grantedBy: [], denied };
};

function withDeniedSessions(
  row: AccessRow,
  denied: ReadonlyMap<PrincipalKey, readonly string[]>,
): ReviewedRow {
  const sessions = keysWithSessions(row.principal).flatMap((key) => denied.get(key) ?? []);
  return sessions.length === 0 ? row : { ...row, deniedSessions: [...new Set(sessions)].toSorted() };
}

/** A role, and the permission set that created it, can have single sessions denied. */
function keysWithSessions(principal: Principal): readonly PrincipalKey[] {
  const caller = exampleCaller(principal, undefined, undefined);
  if (caller?.principal.kind !== 'role') return [];
  if (principalKind(principal) !== 'arn') return [denialKeyOf(principal)];
  return denialKeysOf(caller).flatMap(({ kind, key }) => (kind === 'account' ? [] : [key]));
}
