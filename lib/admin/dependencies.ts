/** What the admin API needs of the world. Built once per cold start (`functions/admin.ts`), or by `countersign dev`. */
import type { Instant } from '../errors.ts';
import type { SyncRequest } from '../sync/run.ts';
import type { Store } from '../store/ports.ts';
import type { Admins } from './change/admins.ts';

/** What `GET /v1/info` tells of a deployment. */
export interface DeploymentInfo {
  readonly version: string;
  readonly region: string;
  readonly table: string;
  /** Where apiservers post to; absent where the deployment did not say. */
  readonly reviewEndpoint?: string | undefined;
}

/** Starts the group sync with a request that is on record already; resolves once the start was accepted. */
export type StartSync = (request: SyncRequest) => Promise<void>;

export interface AdminDependencies {
  readonly store: Store;
  readonly clock: () => Instant;
  /** `undefined`: COUNTERSIGN_ADMINS is not set, and nobody may change anything. */
  readonly admins: Admins | undefined;
  readonly startSync: StartSync;
  readonly info: DeploymentInfo;
  /** A ULID for a sync run. */
  readonly newRunId: () => string;
  /** A webhook token: a secret. */
  readonly newWebhookToken: () => string;
}
