/**
 * The ports of the store. Adapters: `review/dynamodb-http.ts` (the review path, without the AWS SDK) and
 * `dynamodb/store.ts` (everything). No call throws: what could not be read or written is `store_unavailable`, with
 * `item` if the reason is one item that cannot be read (docs/data-model.md).
 */
import type { Instant, Result, Unavailable, UnreadableItem } from '../errors.ts';
import type { ChangeOutcome, ChangeRecord, RecordChange, WebhookTokenChange } from './change-record.ts';
import type { Entries, Lookup } from '../records/lookup.ts';
import type { StoredDenial } from '../records/denial.ts';
import type { MappingRef, StoredMapping } from '../records/mapping.ts';
import type { PrincipalKey } from '../records/principal.ts';
import type { Scope } from '../records/scope.ts';
import type { StoredCluster } from '../records/cluster.ts';
import type { WebhookToken } from '../records/webhook-token.ts';
import type { LiveState, RecordKind, RecordOf, RecordState, RefOf, StoredOf } from '../records/kinds.ts';
import type { Lease, LeaseResult, SyncedScope, SyncRun } from '../records/sync-run.ts';

export interface ClusterWithTokens {
  readonly cluster: StoredCluster;
  readonly webhookTokens: readonly WebhookToken[];
}

/** The read port of the review path: strongly consistent, and it never throws. */
export interface ReviewReader {
  /** One Query. `undefined`: there is no such cluster. */
  readCluster(id: string, signal: AbortSignal): Promise<Result<ClusterWithTokens | undefined, Unavailable>>;
  /** One BatchGetItem. */
  readEntries(lookup: Lookup, signal: AbortSignal): Promise<Result<Entries, Unavailable>>;
}

export interface PageRequest {
  /** 1 to 200. A page can hold fewer items and still have a cursor. */
  readonly limit: number;
  /** From an earlier page of the same list. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string | undefined;
  /** Items of this page that cannot be read. They are not in `items`, and not absent. Left out if there are none. */
  readonly unreadable?: readonly UnreadableItem[] | undefined;
}

/** The cursor is not from this list. */
export interface InvalidCursor {
  readonly outcome: 'invalid';
  readonly code: 'invalid_cursor';
}

export type ListResult<T> = Result<Page<T>, Unavailable | InvalidCursor>;

/**
 * Lists of live records. Those by index are eventually consistent: what decides something is read again by
 * key. Mappings of a scope are in the order of their principal keys, denials by time, the others by name.
 */
export interface RecordLists {
  listClusters(page: PageRequest): Promise<ListResult<StoredOf<'cluster'>>>;
  listSets(page: PageRequest): Promise<ListResult<StoredOf<'set'>>>;
  listBindings(page: PageRequest): Promise<ListResult<StoredOf<'binding'>>>;
  listDenials(page: PageRequest): Promise<ListResult<StoredDenial>>;
  listMappingsByScope(scope: Scope, page: PageRequest): Promise<ListResult<StoredMapping>>;
  /** Strongly consistent: all mappings and denials of one principal key, in any scope. */
  listByPrincipal(
    key: PrincipalKey,
    page: PageRequest,
  ): Promise<ListResult<LiveState<'mapping'> | LiveState<'denial'>>>;
}

/** The actor of a change. */
export interface By {
  readonly actor: string;
  /** The id of the change that this one reverts. */
  readonly rollbackOf?: string | undefined;
  /** Group-sync only: the lease that the write must be under. */
  readonly lease?: Lease | undefined;
}

/**
 * Why a write was refused. `exists`: a create found a record. `missing`: an update or a delete found none. `moved`: the
 * record has changed since it was read. `lease_lost`: the lease has expired, or a later holder has written the entry.
 */
export type Conflict = 'exists' | 'missing' | 'moved' | 'lease_lost';

export type WriteOutcome<K extends RecordKind> =
  | { readonly applied: true; readonly change: RecordChange<K>; readonly current: RecordState<K> }
  | { readonly applied: false; readonly conflict: Conflict; readonly current: RecordState<K> };

/** How an item that cannot be read is deleted. */
export interface UnreadableDeletion extends Pick<By, 'actor'> {
  /** The version that the item must have, as far as it can be read. Default: any. */
  readonly version?: number | undefined;
  /** Checks everything and writes nothing. Default `false`. */
  readonly dryRun?: boolean | undefined;
}

/** `moved`: the item can be read, or has changed since it was read. `version`: its version is another one, or damaged. */
export type UnreadableRemoval =
  | { readonly applied: true; readonly changeId: string; readonly item: UnreadableItem }
  | { readonly applied: false; readonly conflict: 'missing' | 'moved' | 'version' };

type Write<K extends RecordKind> = Promise<Result<WriteOutcome<K>, Unavailable>>;

/** There is an item under this key, and it cannot be read. */
export interface UnreadableState<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  readonly state: 'unreadable';
  readonly item: UnreadableItem;
}

/** Records by key, strongly consistent, and their changes: each logged first, then applied on a condition. */
export interface RecordStore {
  read<K extends RecordKind>(
    kind: K,
    ref: RefOf<K>,
    signal?: AbortSignal,
  ): Promise<Result<RecordState<K>, Unavailable>>;
  /** In the order of `refs`; 100 keys a call. If one item cannot be read, the result is *unavailable*. */
  readMany<K extends RecordKind>(
    kind: K,
    refs: readonly RefOf<K>[],
    signal?: AbortSignal,
  ): Promise<Result<readonly RecordState<K>[], Unavailable>>;
  /** As `readMany`, but an item that cannot be read is reported in its place and does not fail the others. */
  readEach<K extends RecordKind>(
    kind: K,
    refs: readonly RefOf<K>[],
    signal?: AbortSignal,
  ): Promise<Result<readonly (RecordState<K> | UnreadableState<K>)[], Unavailable>>;
  /** Creates or replaces. Applied only if the record still equals `current`: from `read`, or an earlier outcome. */
  put<K extends RecordKind>(current: RecordState<K>, record: RecordOf<K>, by: By): Write<K>;
  /**
   * Rewrites the record unchanged (a tombstone if absent), so that any in-flight conditional write by an earlier lease
   * holder fails.
   */
  fence<K extends RecordKind>(current: RecordState<K>, by: By & { readonly lease: Lease }): Write<K>;
  /** Leaves a tombstone. If `current` is not live the conflict is `missing`, and nothing is logged. */
  remove<K extends RecordKind>(current: RecordState<K>, by: By): Write<K>;
  /** Deletes a record whose item cannot be read, without reading it: an admin's last resort. Leaves a tombstone. */
  removeUnreadable<K extends RecordKind>(
    kind: K,
    ref: RefOf<K>,
    deletion: UnreadableDeletion,
  ): Promise<Result<UnreadableRemoval, Unavailable>>;
}

export type ChangeQuery =
  /** All changes of one target, the newest version first. */
  | { readonly target: string; readonly month?: never; readonly since?: never }
  /** All changes of a month (`2026-11`), the newest first, optionally only from an instant on. */
  | { readonly month: string; readonly since?: Instant | undefined; readonly target?: never };

export interface ChangeLog {
  /** `undefined`: there is no change of this id. */
  readChange(id: string, signal?: AbortSignal): Promise<Result<ChangeRecord | undefined, Unavailable>>;
  /** By target: from the index, eventually consistent. By month: strongly consistent. */
  listChanges(query: ChangeQuery, page: PageRequest): Promise<ListResult<ChangeRecord>>;
  wasApplied(change: ChangeRecord, signal?: AbortSignal): Promise<Result<ChangeOutcome, Unavailable>>;
}

export type WebhookTokenOutcome =
  | { readonly applied: true; readonly change: WebhookTokenChange; readonly token: WebhookToken }
  | { readonly applied: false; readonly conflict: Conflict };

/** Webhook tokens are items of their own: a cluster's record and the log's before and after never hold them. */
export interface WebhookTokenStore {
  /**
   * `hash` is `sha256:<64 hex digits>`. The token is bound to this creation of the cluster: a cluster that is deleted
   * and created again starts without tokens. Conflict `missing`: there is no such cluster.
   */
  createWebhookToken(
    clusterId: string,
    hash: string,
    by: By,
  ): Promise<Result<WebhookTokenOutcome, Unavailable>>;
  deleteWebhookToken(
    clusterId: string,
    tokenId: string,
    by: By,
  ): Promise<Result<WebhookTokenOutcome, Unavailable>>;
  /** As `removeUnreadable` of records. */
  deleteUnreadableWebhookToken(
    clusterId: string,
    tokenId: string,
    deletion: UnreadableDeletion,
  ): Promise<Result<UnreadableRemoval, Unavailable>>;
}

/** The state of group sync: its lease, its runs, and the scopes that it has written to. */
export interface SyncStore {
  /**
   * Acquires the lease if it has no holder. Once this resolves, every write that an earlier holder announced has either
   * landed or will be rejected.
   */
  acquireLease(runId: string, milliseconds: number): Promise<Result<LeaseResult, Unavailable>>;
  /** To be called before these are written: at most 100 refs, after all earlier announced writes are done. */
  announceWrites(
    lease: Lease,
    refs: readonly MappingRef[],
  ): Promise<Result<'announced' | 'lease_lost', Unavailable>>;
  /** Lets the next run start at once. No effect if the lease was lost. */
  releaseLease(lease: Lease): Promise<Result<void, Unavailable>>;
  /** Creates or replaces the record of a run; purged 90 days after its start. */
  putRun(run: SyncRun): Promise<Result<void, Unavailable>>;
  readRun(id: string): Promise<Result<SyncRun | undefined, Unavailable>>;
  /** Newest first. */
  listRuns(page: PageRequest): Promise<ListResult<SyncRun>>;
  /** Scopes in which group-sync entries may be: those of deleted bindings too. */
  readSyncedScopes(): Promise<Result<readonly SyncedScope[], Unavailable>>;
  /** To be called before grants are created in a scope, even if it is noted already. */
  addSyncedScope(scope: Scope, lease: Lease): Promise<Result<'noted' | 'lease_lost', Unavailable>>;
  /** To be called when no grant of group sync is left in a scope. No effect if the scope was noted again since it was read. */
  removeSyncedScope(synced: SyncedScope): Promise<Result<void, Unavailable>>;
}

/** Everything: the admin API, group sync and `countersign dev` each use a part. */
export interface Store
  extends ReviewReader, RecordLists, RecordStore, ChangeLog, WebhookTokenStore, SyncStore {}
