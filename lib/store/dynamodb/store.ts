/** The full adapter: every port of the store, by the AWS SDK. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { monotonicFactory } from 'ulid';
import type { Instant, UnreadableItem } from '../../errors.ts';
import { createChangeLog } from './change-log/change-log.ts';
import { createLeases } from './lease.ts';
import { createLists } from './lists.ts';
import type { Store } from '../ports.ts';
import { createRecords } from './records.ts';
import { reviewReaderOver } from '../review/review-reader.ts';
import { createSyncState } from './sync-state.ts';
import { createDynamoDbClient, createTableClient } from './table-client.ts';
import type { ClientOptions } from './table-client.ts';
import { createWebhookTokens } from './webhook-tokens.ts';

export interface StoreOptions extends ClientOptions {
  /** Name or ARN of the table. */
  readonly table: string;
  /** Default `Date.now`. */
  readonly clock?: (() => Instant) | undefined;
  /** Default: a new one, from the options above. */
  readonly client?: DynamoDBClient | undefined;
  /** Called with each item that was found and cannot be read, for the log. Must not throw. */
  readonly onUnreadable?: ((item: UnreadableItem) => void) | undefined;
}

export function createStore(options: StoreOptions): Store {
  const { table, clock = Date.now } = options;
  const client = createTableClient(
    options.client ?? createDynamoDbClient(options),
    table,
    options.onUnreadable,
  );
  const newId = createIds();
  const log = createChangeLog(client, clock);
  const records = createRecords({ client, table, writer: log, clock, newId });
  return {
    ...reviewReaderOver({ table, reads: client.reads }),
    ...createLists(client),
    ...records,
    readChange: (id, signal) => log.readChange(id, signal),
    listChanges: (query, page) => log.listChanges(query, page),
    wasApplied: (change, signal) => log.wasApplied(change, signal),
    ...createWebhookTokens({ client, records, writer: log, clock, newId }),
    ...createLeases({ client, records, clock, newId }),
    ...createSyncState(client),
  };
}

/** ULIDs of an instant, each sorting after the one before it, also within a millisecond. */
function createIds(): (at: Instant) => string {
  const next = monotonicFactory();
  return (at) => next(at);
}
