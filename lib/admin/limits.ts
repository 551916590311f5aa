/** Figures of the admin API, each with its reason. */

/** Concurrent reads of one request: enough to hide the latency of DynamoDB, too few to be throttled. */
export const parallelism = 16;

/** Writes of one `apply` call, and of one forced delete: each is two conditional writes, some 10 ms. */
export const writesPerCall = 500;

/** API Gateway and Lambda accept 6 MB; a desired state of 20,000 mappings has some 4 MB. */
export const adminBodyBytes = 5_500_000;

/** Clusters named in a `last_admin` problem. */
export const namedClusters = 10;
