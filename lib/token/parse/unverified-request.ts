import type { Instant } from '../../errors.ts';
import type { PartitionId } from '../../identity/partitions.ts';

/**
 * A token that obeys the grammar: well-formed, ours, and not yet verified by anybody. Everything in it was
 * chosen by the caller. The request that is sent to STS is rebuilt from these fields alone.
 */
export interface UnverifiedRequest {
  /** A host of the static list, byte for byte. */
  readonly host: string;
  readonly partition: PartitionId;
  /** The region that the host is signed for: us-east-1 for the global host. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly signedAt: Instant;
  /** 900 s after `signedAt`, whatever X-Amz-Expires says: that is when STS stops taking it. */
  readonly expiresAt: Instant;
  /** Canonical query string with the signature: percent-encoded as SigV4 wants it, sorted. A credential: never log it. */
  readonly canonicalQuery: string;
}
