/** What the domain needs of a store. Adapters: `dynamodb-reader.ts` (the review path) and `dynamodb.ts`. */
import type { Result, Unavailable } from '../errors.ts';
import type {
  DenialRef,
  MappingRef,
  StoredCluster,
  StoredDenial,
  StoredMapping,
  WebhookToken,
} from '../mapping/types.ts';

/** Whatever a review could need to know of one principal on one cluster: 11 to 25 keys, read in one call. */
export interface Lookup {
  readonly mappings: readonly MappingRef[];
  readonly denials: readonly DenialRef[];
}

/** What was there. All of it was read, or the result is *unavailable*: nothing is ever missing by accident. */
export interface Entries {
  readonly mappings: readonly StoredMapping[];
  readonly denials: readonly StoredDenial[];
}

export interface ClusterWithTokens {
  readonly cluster: StoredCluster;
  readonly webhookTokens: readonly WebhookToken[];
}

/** The read port of the review path: strongly consistent, and it never throws. */
export interface ReviewReader {
  /** One Query. `undefined`: there is no such cluster. */
  readCluster(id: string, signal: AbortSignal): Promise<Result<ClusterWithTokens | undefined, Unavailable>>;
  /** One BatchGetItem. */
  readEntries(lookup: Lookup, signal: AbortSignal): Promise<Result<Entries, Unavailable>>;
}
