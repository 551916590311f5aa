/** Connects the admin API to AWS: the only file that hands its ports their adapters. */
import { ulid } from 'ulid';
import type { Instant } from '../errors.ts';
import { createUnreadableItemLog } from '../log/unreadable-item.ts';
import { createStore } from '../store/dynamodb/store.ts';
import { version } from '../version.ts';
import { newWebhookToken } from '../token/webhook-token.ts';
import type { AdminConfig } from './config.ts';
import type { AdminDependencies } from './dependencies.ts';
import { createStartSync } from './start-sync.ts';

/** Opens no connection: the first request does. */
export function createAdminDependencies(
  config: AdminConfig,
  clock: () => Instant,
  writeLine: (line: string) => void,
): AdminDependencies {
  const { table, region, reviewEndpoint, admins, syncFunction } = config;
  return {
    store: createStore({ ...config, clock, onUnreadable: createUnreadableItemLog(writeLine) }),
    clock,
    admins,
    startSync: createStartSync({ region, functionName: syncFunction }),
    info: { version, region, table, reviewEndpoint },
    newRunId: () => ulid(),
    newWebhookToken,
  };
}
