/**
 * Fills an empty table quickly, for `countersign dev` and the tests. BatchWriteItem has no conditions, so the table must
 * be empty. The change log is written first here too, so that the history is complete.
 */
import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';
import { monotonicFactory } from 'ulid';
import type { Instant } from '../../errors.ts';
import { encodeChange } from './change-log/items.ts';
import { targetOf, webhookTokenTarget } from '../change-record.ts';
import type { AnyChange } from '../change-record.ts';
import { mappingKeyOf } from '../../records/principal.ts';
import { denialRef } from '../../records/denial.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { ClusterSet } from '../../records/set.ts';
import type { Denial } from '../../records/denial.ts';
import type { GroupBinding } from '../../records/binding.ts';
import type { Mapping } from '../../records/mapping.ts';
import { encodeRecord } from '../layout/codecs.ts';
import type { Bookkeeping, PlainItem } from '../layout/items.ts';
import type { RecordKind, RecordOf, RefOf } from '../../records/kinds.ts';
import { toWireItem } from './table-client.ts';
import { encodeWebhookToken } from '../layout/webhook-token-item.ts';

export interface BulkRecords {
  readonly clusters?: readonly Cluster[] | undefined;
  /** Each of a cluster above. `hash`: `sha256:<64 hex digits>`. */
  readonly webhookTokens?: readonly { readonly clusterId: string; readonly hash: string }[] | undefined;
  readonly sets?: readonly ClusterSet[] | undefined;
  readonly mappings?: readonly Mapping[] | undefined;
  readonly denials?: readonly Denial[] | undefined;
  readonly bindings?: readonly GroupBinding[] | undefined;
}

export interface BulkLoadOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Recorded as the creator of all records. */
  readonly actor: string;
  readonly clock: () => Instant;
  /** Called after each batch, with items (records and their change records). */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** DynamoDB accepts at most 25 items in a BatchWriteItem. */
const itemsPerCall = 25;
const callsAtOnce = 8;

/**
 * `false`: the table is not empty, and nothing was written. Records are not validated: the caller has done that.
 * @throws Error of the SDK if the table cannot be written
 */
export async function bulkLoad(records: BulkRecords, options: BulkLoadOptions): Promise<boolean> {
  const { client, table } = options;
  const first = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true, Limit: 1 }));
  if ((first.Items ?? []).length > 0) return false;
  const { changes, items } = toItems(records, options);
  const total = changes.length + items.length;
  let done = 0;
  const report = (count: number): void => options.onProgress?.((done += count), total);
  await writeAll(client, table, changes, report);
  await writeAll(client, table, items, report);
  return true;
}

interface Prepared {
  readonly changes: PlainItem[];
  readonly items: PlainItem[];
}

function toItems(records: BulkRecords, { actor, clock }: BulkLoadOptions): Prepared {
  const now = clock();
  const prepared = new Preparation(actor, now);
  for (const cluster of records.clusters ?? []) prepared.add('cluster', { id: cluster.id }, cluster);
  for (const { clusterId, hash } of records.webhookTokens ?? []) prepared.addToken(clusterId, hash);
  for (const set of records.sets ?? []) prepared.add('set', { name: set.name }, set);
  for (const mapping of records.mappings ?? []) {
    const { scope, owner, principal } = mapping;
    prepared.add('mapping', { scope, owner, principalKey: mappingKeyOf(principal) }, mapping);
  }
  for (const denial of records.denials ?? []) prepared.add('denial', denialRef(denial), denial);
  for (const binding of records.bindings ?? []) prepared.add('binding', { id: binding.id }, binding);
  return prepared;
}

/** Collects items and their change records, all of one instant. */
class Preparation implements Prepared {
  readonly changes: PlainItem[] = [];
  readonly items: PlainItem[] = [];
  readonly #actor: string;
  readonly #now: Instant;
  readonly #at: string;
  readonly #nextId = monotonicFactory();

  constructor(actor: string, now: Instant) {
    this.#actor = actor;
    this.#now = now;
    this.#at = new Date(now).toISOString();
  }

  add<K extends RecordKind>(kind: K, ref: RefOf<K>, record: RecordOf<K>): void {
    const bookkeeping = this.#log(kind, ref, targetOf(kind, ref), record);
    this.items.push(encodeRecord(kind, ref, record, bookkeeping));
  }

  addToken(clusterId: string, hash: string): void {
    const tokenId = this.#nextId(this.#now);
    const target = webhookTokenTarget(clusterId, tokenId);
    const bookkeeping = this.#log('webhook-token', { clusterId, tokenId }, target, undefined);
    this.items.push(
      encodeWebhookToken(clusterId, tokenId, { hash, clusterCreatedAt: this.#at }, bookkeeping),
    );
  }

  #log(kind: AnyChange['kind'], ref: object, target: string, after: unknown): Bookkeeping {
    const id = this.#nextId(this.#now);
    const change = { id, at: this.#at, actor: this.#actor, target, action: 'create', version: 1 } as const;
    this.changes.push(encodeChange({ ...change, kind, ref, after }));
    const [at, actor] = [this.#at, this.#actor];
    return { version: 1, changeId: id, createdAt: at, createdBy: actor, updatedAt: at, updatedBy: actor };
  }
}

async function writeAll(
  client: DynamoDBClient,
  table: string,
  items: readonly PlainItem[],
  report: (count: number) => void,
): Promise<void> {
  const batches: (readonly PlainItem[])[] = [];
  for (let at = 0; at < items.length; at += itemsPerCall) batches.push(items.slice(at, at + itemsPerCall));
  const rest = batches.values();
  const work = async (): Promise<void> => {
    for (const batch of rest) {
      await writeBatch(client, table, batch);
      report(batch.length);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, work));
}

async function writeBatch(client: DynamoDBClient, table: string, items: readonly PlainItem[]): Promise<void> {
  let pending: WriteRequest[] | undefined = items.map((item) => ({
    PutRequest: { Item: toWireItem(item) },
  }));
  while (pending !== undefined && pending.length > 0) {
    const command: BatchWriteItemCommand = new BatchWriteItemCommand({ RequestItems: { [table]: pending } });
    const { UnprocessedItems } = await client.send(command);
    pending = UnprocessedItems?.[table];
  }
}
