import type { Instant } from '../../errors.ts';
import type { PartitionId } from '../../identity/partitions.ts';

/**
 * A token that obeys the grammar: well-formed, but not verified. Everything in it was chosen by the caller. The request to STS
 * is built from these fields, and from nothing else of the token.
 */
export interface UnverifiedRequest {
  /** A host of the static list, byte for byte. */
  readonly host: string;
  readonly partition: PartitionId;
  /** The region that the host is signed for: us-east-1 for the global host. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly signedAt: Instant;
  /** 900 s after `signedAt`, whatever X-Amz-Expires is: then STS stops accepting it. */
  readonly expiresAt: Instant;
  /** Canonical query string with the signature: percent-encoded by the rules of SigV4, sorted. A credential: never log it. */
  readonly canonicalQuery: string;
}
