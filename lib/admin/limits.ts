/** Figures of the admin API, each with its reason. */

/** Concurrent reads of one request: enough to hide the latency of DynamoDB, too few to be throttled. */
export const parallelism = 16;

/** Writes of one `apply` call, and of one forced delete: each is two conditional writes, some 10 ms. */
export const writesPerCall = 500;

/** API Gateway and Lambda accept 6 MB; a desired state of 20,000 mappings has some 4 MB. */
export const adminBodyBytes = 5_500_000;

/** Clusters named in a `last_admin` problem. */
export const namedClusters = 10;

/** Entries of each list of a desired state: what a body of {@link adminBodyBytes} can hold, honestly written. */
export const stateEntries = 20_000;

/** `managed.scopes` of a desired state, and the scopes that it declares and no list has: a plan reads each by a Query of its own. */
export const managedScopes = 1_000;

/** Live webhook tokens of a cluster: a rotation needs two. Each costs every request a comparison; 12,000 were 9 ms, and the cluster unavailable beyond 5 MB. */
export const webhookTokensPerCluster = 20;
