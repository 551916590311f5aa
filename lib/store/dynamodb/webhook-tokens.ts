/** Webhook tokens: created and deleted like records, but the change log never holds their hash. */
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok } from '../../errors.ts';
import { webhookTokenTarget } from '../change-record.ts';
import type { WebhookToken } from '../../records/webhook-token.ts';
import type { WebhookTokenChange } from '../change-record.ts';
import { asRead } from '../layout/conditions.ts';
import { toEnvelope, toTombstone } from '../layout/items.ts';
import type { Bookkeeping, KeyedItem } from '../layout/items.ts';
import { webhookTokenKey } from '../layout/keys.ts';
import type { Writer } from './change-log/change-log.ts';
import { removeUnreadable } from './remove-unreadable.ts';
import type { RemovalTarget } from './remove-unreadable.ts';
import type { By, RecordStore, WebhookTokenOutcome, WebhookTokenStore } from '../ports.ts';
import type { TableClient } from './table-client.ts';
import { decodeWebhookToken, encodeWebhookToken } from '../layout/webhook-token-item.ts';

export interface WebhookTokenDependencies {
  readonly client: TableClient;
  readonly records: Pick<RecordStore, 'read'>;
  readonly writer: Writer;
  readonly clock: () => Instant;
  readonly newId: (at: Instant) => string;
}

type Outcome = Promise<Result<WebhookTokenOutcome, Unavailable>>;

const missing = ok({ applied: false, conflict: 'missing' } as const);

export function createWebhookTokens(deps: WebhookTokenDependencies): WebhookTokenStore {
  const { client, records, writer, clock, newId } = deps;

  const write = async (
    change: WebhookTokenChange,
    item: KeyedItem,
    expected: string | undefined,
    token: WebhookToken,
  ): Outcome => {
    const written = await writer.write({ change, item, condition: asRead(expected) });
    if (!written.ok) return written;
    return ok(
      written.value === 'applied'
        ? { applied: true, change, token }
        : { applied: false, conflict: expected === undefined ? 'exists' : 'moved' },
    );
  };

  return {
    async createWebhookToken(clusterId, hash, { actor }: By): Outcome {
      const cluster = await records.read('cluster', { id: clusterId });
      if (!cluster.ok) return cluster;
      if (cluster.value.state !== 'live') return missing;
      const now = clock();
      const tokenId = newId(now);
      const ref = { clusterId, tokenId };
      const change = toChange(ref, 'create', { now, id: newId(now), actor, version: 1 });
      const token = { id: tokenId, hash, createdAt: change.at, createdBy: actor };
      const clusterCreatedAt = cluster.value.stored.createdAt;
      const item = encodeWebhookToken(clusterId, tokenId, { hash, clusterCreatedAt }, keep(change, token));
      return write(change, item, undefined, token);
    },
    async deleteWebhookToken(clusterId, tokenId, { actor }: By): Outcome {
      const key = webhookTokenKey(clusterId, tokenId);
      const item = await client.get(key);
      if (!item.ok) return item;
      if (item.value === undefined) return missing;
      const token = decodeWebhookToken(item.value);
      if (!token.ok) return token;
      const envelope = toEnvelope(item.value);
      if (token.value === undefined || envelope === undefined) return missing;
      const now = clock();
      const { changeId: previous, version } = envelope;
      const change = toChange({ clusterId, tokenId }, 'delete', {
        now,
        id: newId(now),
        actor,
        version: version + 1,
        previous,
      });
      return write(change, toTombstone(key, keep(change, token.value)), previous, token.value);
    },
    deleteUnreadableWebhookToken: (clusterId, tokenId, by) =>
      removeUnreadable(deps, targetOfToken(clusterId, tokenId), by),
  };
}

const targetOfToken = (clusterId: string, tokenId: string): RemovalTarget => ({
  kind: 'webhook-token',
  ref: { clusterId, tokenId },
  target: webhookTokenTarget(clusterId, tokenId),
  key: webhookTokenKey(clusterId, tokenId),
  decode: decodeWebhookToken,
});

function toChange(
  ref: WebhookTokenChange['ref'],
  action: 'create' | 'delete',
  { now, ...fields }: { now: Instant; id: string; actor: string; version: number; previous?: string },
): WebhookTokenChange {
  const target = webhookTokenTarget(ref.clusterId, ref.tokenId);
  return { ...fields, at: new Date(now).toISOString(), target, action, kind: 'webhook-token', ref };
}

const keep = (change: WebhookTokenChange, token: WebhookToken): Bookkeeping => ({
  version: change.version,
  changeId: change.id,
  createdAt: token.createdAt,
  createdBy: token.createdBy,
  updatedAt: change.at,
  updatedBy: change.actor,
});
