/** Webhook tokens as items: beside their cluster, with a hash that nothing else in the table holds. */
import * as v from 'valibot';
import type { WebhookToken } from '../../records/webhook-token.ts';
import type { Bookkeeping, Envelope, KeyedItem } from './items.ts';
import { webhookTokenIdOf, webhookTokenKey } from './keys.ts';

/** `clusterCreatedAt` binds a token to one creation of its cluster: it dies with it, even where nobody deletes it. */
export type StoredWebhookToken = WebhookToken & { readonly clusterCreatedAt: string };

/** The rest of it is bookkeeping and the key. */
const TokenRecord = v.object({
  hash: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  clusterCreatedAt: v.string(),
});

export const encodeWebhookToken = (
  clusterId: string,
  tokenId: string,
  record: { readonly hash: string; readonly clusterCreatedAt: string },
  bookkeeping: Bookkeeping,
): KeyedItem => ({ ...webhookTokenKey(clusterId, tokenId), ...bookkeeping, record });

/** `undefined` where the item is not a live webhook token. */
export function parseStoredWebhookToken(envelope: Envelope): StoredWebhookToken | undefined {
  const id = webhookTokenIdOf(envelope);
  const parsed = v.safeParse(TokenRecord, envelope.record);
  if (id === undefined || !parsed.success) return undefined;
  const { createdAt, createdBy } = envelope;
  return { id, ...parsed.output, createdAt, createdBy };
}
