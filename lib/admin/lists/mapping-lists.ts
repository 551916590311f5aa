/** Mappings of all scopes, of one scope, or of one principal: each a page with a bounded number of reads. */
import * as v from 'valibot';
import { compareText } from '../../json/compare-text.ts';
import type { UnreadableItem } from '../../errors.ts';
import type { PrincipalKey } from '../../records/principal.ts';
import type { Scope } from '../../records/scope.ts';
import type { StoredMapping } from '../../records/mapping.ts';
import { clusterScope, setScope } from '../../records/scope.ts';
import type { Page, PageRequest, Store } from '../../store/ports.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { pageOrThrow } from './store-results.ts';

type Lists = Pick<Store, 'listMappingsByScope' | 'listByPrincipal' | 'listClusters' | 'listSets'>;

/** One Query. What is under the key of another principal of today, in another case, is left out. */
export async function mappingsOfPrincipal(
  store: Lists,
  key: PrincipalKey,
  scope: Scope | undefined,
  request: PageRequest,
): Promise<Page<StoredMapping>> {
  const page = await pageOrThrow(store.listByPrincipal(key, request));
  const items = page.items.flatMap((entry) =>
    entry.kind === 'mapping' &&
    entry.stored.staleKey !== true &&
    (scope === undefined || entry.stored.scope === scope)
      ? [entry.stored]
      : [],
  );
  const unreadable = (page.unreadable ?? []).filter(({ kind }) => kind === 'mapping');
  return { items, cursor: page.cursor, ...(unreadable.length === 0 ? {} : { unreadable }) };
}

const phases = ['all', 'set', 'cluster'] as const;

/** The scopes are walked as `all`, then the sets by name, then the clusters by id. */
const positionSchema = v.strictObject({
  phase: v.picklist(phases),
  /** The page of sets or clusters that is being walked. */
  list: v.optional(v.string()),
  /** Names up to this one are done. */
  after: v.optional(v.string()),
  /** In the list of the scope that comes next. */
  inner: v.optional(v.string()),
});
type Position = v.InferOutput<typeof positionSchema>;

/** Scopes read for one page: most are empty in a fleet whose mappings are in sets. */
const scopesPerPage = 25;

interface Step {
  readonly scopes: readonly { readonly name: string; readonly scope: Scope }[];
  /** The position after these. */
  readonly next: Position | undefined;
}

/**
 * Begins no page of names when {@link scopesPerPage} scopes were read, so it reads at most double that number. A page
 * can be short, or empty, and still have a cursor.
 */
export async function mappingsOfAllScopes(store: Lists, request: PageRequest): Promise<Page<StoredMapping>> {
  const items: StoredMapping[] = [];
  const unreadable: UnreadableItem[] = [];
  let position: Position | undefined =
    request.cursor === undefined ? { phase: 'all' } : decodeCursor(positionSchema, request.cursor);
  for (let read = 0; position !== undefined && read < scopesPerPage && items.length < request.limit;) {
    const { scopes, next }: Step = await stepAt(store, position);
    const walked = await walk(store, scopes, position, request.limit - items.length);
    items.push(...walked.items);
    unreadable.push(...walked.unreadable);
    read += Math.max(1, walked.read);
    position = walked.rest ?? next;
  }
  return {
    items,
    cursor: position === undefined ? undefined : encodeCursor(position),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

interface Walked {
  readonly items: readonly StoredMapping[];
  readonly unreadable: readonly UnreadableItem[];
  readonly read: number;
  /** Set if the limit was reached before the end of the scopes. */
  readonly rest?: Position;
}

/** The mappings of some scopes, up to a limit. */
async function walk(
  store: Lists,
  scopes: Step['scopes'],
  position: Position,
  limit: number,
): Promise<Walked> {
  const items: StoredMapping[] = [];
  const unreadable: UnreadableItem[] = [];
  let { after, inner } = position;
  let read = 0;
  for (const { name, scope } of scopes) {
    if (after !== undefined && name <= after) continue;
    if (items.length === limit) return { items, unreadable, read, rest: { ...position, after, inner } };
    const page = await pageOrThrow(
      store.listMappingsByScope(scope, { limit: limit - items.length, cursor: inner }),
    );
    read += 1;
    items.push(...page.items);
    unreadable.push(...(page.unreadable ?? []));
    inner = page.cursor;
    if (inner !== undefined) return { items, unreadable, read, rest: { ...position, after, inner } };
    after = name;
  }
  return { items, unreadable, read };
}

async function stepAt(store: Lists, { phase, list }: Position): Promise<Step> {
  if (phase === 'all') return { scopes: [{ name: 'all', scope: 'all' }], next: { phase: 'set' } };
  const request = { limit: scopesPerPage, cursor: list };
  if (phase === 'set') {
    const page = await pageOrThrow(store.listSets(request));
    const scopes = namesOf(page, ({ name }) => name).map((name) => ({ name, scope: setScope(name) }));
    return { scopes, next: page.cursor === undefined ? { phase: 'cluster' } : { phase, list: page.cursor } };
  }
  const page = await pageOrThrow(store.listClusters(request));
  const scopes = namesOf(page, ({ id }) => id).map((name) => ({ name, scope: clusterScope(name) }));
  return { scopes, next: page.cursor === undefined ? undefined : { phase, list: page.cursor } };
}

/** In order. A set or a cluster that cannot be read still has mappings. */
const namesOf = <T>({ items, unreadable = [] }: Page<T>, nameOf: (item: T) => string): readonly string[] =>
  [...items.map(nameOf), ...unreadable.map(({ key }) => key)].toSorted(compareText);
