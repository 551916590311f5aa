/** Webhook tokens as items: beside their cluster, with a hash that nothing else in the table holds. */
import * as v from 'valibot';
import { ok } from '../../errors.ts';
import type { WebhookToken } from '../../records/webhook-token.ts';
import type { Bookkeeping, Envelope, KeyedItem } from './items.ts';
import { webhookTokenIdOf, webhookTokenKey } from './keys.ts';
import type { ItemKey } from './keys.ts';
import { decodeItem } from './unreadable.ts';
import type { Decoded } from './unreadable.ts';

/** `clusterCreatedAt` binds a token to one creation of its cluster: a deleted cluster's tokens are invalid for good. */
export type StoredWebhookToken = WebhookToken & { readonly clusterCreatedAt: string };

/** The rest of it is bookkeeping and the key. */
const TokenRecord = v.object({
  hash: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  clusterCreatedAt: v.string(),
});

/** As `schemaVersion` of a record's kind. */
export const webhookTokenSchemaVersion = 1;

export const encodeWebhookToken = (
  clusterId: string,
  tokenId: string,
  record: { readonly hash: string; readonly clusterCreatedAt: string },
  bookkeeping: Bookkeeping,
): KeyedItem => ({
  ...webhookTokenKey(clusterId, tokenId),
  ...bookkeeping,
  record,
  schema: webhookTokenSchemaVersion,
});

/** `undefined`: it was deleted. */
export const decodeWebhookToken = (item: KeyedItem): Decoded<StoredWebhookToken | undefined> => {
  const decoded = decodeItem(
    webhookTokenSchemaVersion,
    item,
    (key) => ({ kind: 'webhook-token', key: webhookTokenNameOf(key) ?? key.sk }),
    (envelope) => (envelope.deleted === true ? 'deleted' : parseLive(envelope)),
  );
  if (!decoded.ok) return decoded;
  return ok(decoded.value === 'deleted' ? undefined : decoded.value);
};

/** `<cluster>/<token id>`; `undefined`: the key is of another kind. */
export function webhookTokenNameOf(key: ItemKey): string | undefined {
  const id = webhookTokenIdOf(key);
  return id === undefined ? undefined : `${key.pk.slice(key.pk.indexOf('#') + 1)}/${id}`;
}

function parseLive(envelope: Envelope): StoredWebhookToken | undefined {
  const id = webhookTokenIdOf(envelope);
  const parsed = v.safeParse(TokenRecord, envelope.record);
  if (id === undefined || !parsed.success) return undefined;
  const { createdAt, createdBy } = envelope;
  return { id, ...parsed.output, createdAt, createdBy };
}
