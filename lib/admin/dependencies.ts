/** The ports of the admin API. Built once per cold start (`functions/admin.ts`), or by `countersign dev`. */
import type { Instant } from '../errors.ts';
import type { SyncRequest } from '../sync/run.ts';
import type { Store } from '../store/ports.ts';
import type { Admins } from './change/admins.ts';

/** The deployment, as `GET /v1/info` shows it. */
export interface DeploymentInfo {
  readonly version: string;
  readonly region: string;
  readonly table: string;
  /** The URL that apiservers post to; absent if it is not configured. */
  readonly reviewEndpoint?: string | undefined;
}

/** Starts the group sync for a run that is recorded already; resolves once the start was accepted. */
export type StartSync = (request: SyncRequest) => Promise<void>;

export interface AdminDependencies {
  readonly store: Store;
  readonly clock: () => Instant;
  /** `undefined`: COUNTERSIGN_ADMINS is not set, and no caller may change anything. */
  readonly admins: Admins | undefined;
  readonly startSync: StartSync;
  readonly info: DeploymentInfo;
  /** A ULID for a sync run. */
  readonly newRunId: () => string;
  /** A webhook token: a secret. */
  readonly newWebhookToken: () => string;
}
