/** The bearer token by which an apiserver is authenticated for its cluster. Stored as a hash, shown once. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `cswt_` and 32 random bytes in base64url: the prefix lets secret scanners find it. */
export const newWebhookToken = (): string => `cswt_${randomBytes(32).toString('base64url')}`;

/** `sha256:<hex>` over the whole text. No salt and no stretching: the token has 256 random bits. */
export const hashWebhookToken = (token: string): string =>
  `sha256:${createHash('sha256').update(token).digest('hex')}`;

const noHash = `sha256:${'0'.repeat(64)}`;

/**
 * Whether the hash of a token is one of these. All hashes are compared, each in constant time; without any (an unknown cluster)
 * there is one comparison all the same, as for a missing or empty token, which never matches.
 */
export function matchesWebhookToken(token: string | undefined, hashes: readonly string[]): boolean {
  const given = Buffer.from(hashWebhookToken(token ?? ''));
  let matches = false;
  for (const hash of hashes.length === 0 ? [noHash] : hashes) {
    const known = Buffer.from(hash);
    const same = known.length === given.length && timingSafeEqual(known, given);
    matches = same || matches;
  }
  return matches && token !== undefined && token !== '';
}
