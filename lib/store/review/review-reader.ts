/**
 * The review's reader over either client: strongly consistent, complete or *unavailable*, and never guessing. An item
 * that cannot be read makes the review unavailable: a denial must not be overlooked.
 */
import { ok } from '../../errors.ts';
import type { Entries } from '../../records/lookup.ts';
import { readWith } from '../layout/codec.ts';
import type { KeyedItem } from '../layout/items.ts';
import { clusterIdOf, clusterPartition, denialKey, mappingKey, mappingRefOf } from '../layout/keys.ts';
import { clusterReader, denialReader, mappingReader } from '../layout/review-readers.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { decodeWebhookToken } from '../layout/webhook-token-item.ts';
import type { StoredWebhookToken } from '../layout/webhook-token-item.ts';
import type { ClusterWithTokens, ReviewReader } from '../ports.ts';
import { queryPartition, readItems } from './dynamo-reads.ts';
import type { TableReads } from './dynamo-reads.ts';

export function reviewReaderOver({ table, reads, random = Math.random }: TableReads): ReviewReader {
  return {
    async readCluster(id, signal) {
      const items = await queryPartition(table, reads, clusterPartition(id), signal);
      return items.ok ? toCluster(items.value) : items;
    },
    async readEntries(lookup, signal) {
      const keys = [...lookup.mappings.map(mappingKey), ...lookup.denials.map(denialKey)];
      const items = await readItems({ table, reads, random }, keys, signal);
      return items.ok ? toEntries(items.value) : items;
    },
  };
}

/** The cluster among its items, and the webhook tokens that were created for this creation of it. */
function toCluster(items: readonly KeyedItem[]): Decoded<ClusterWithTokens | undefined> {
  const item = items.find((other) => clusterIdOf(other) !== undefined);
  if (item === undefined) return ok(undefined);
  const state = readWith('cluster', clusterReader, item);
  if (!state.ok) return state;
  if (state.value.state === 'deleted') return ok(undefined);
  const { stored } = state.value;
  const tokens: StoredWebhookToken[] = [];
  for (const other of items) {
    if (other === item) continue;
    const token = decodeWebhookToken(other);
    if (!token.ok) return token;
    if (token.value?.clusterCreatedAt === stored.createdAt) tokens.push(token.value);
  }
  return ok({
    cluster: stored,
    webhookTokens: tokens.map(({ id, hash, createdAt, createdBy }) => ({ id, hash, createdAt, createdBy })),
  });
}

function toEntries(items: readonly KeyedItem[]): Decoded<Entries> {
  const mappings: Entries['mappings'][number][] = [];
  const denials: Entries['denials'][number][] = [];
  for (const item of items) {
    const state =
      mappingRefOf(item) === undefined
        ? readWith('denial', denialReader, item)
        : readWith('mapping', mappingReader, item);
    if (!state.ok) return state;
    if (state.value.state === 'deleted') continue;
    if (state.value.kind === 'mapping') mappings.push(state.value.stored);
    else denials.push(state.value.stored);
  }
  return ok({ mappings, denials });
}
