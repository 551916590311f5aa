/** Finds the caller's AWS credentials. Static keys are found without loading the AWS SDK. */
import type { Instant } from '../../lib/errors.ts';
import type { CredentialSearch, FoundCredentials } from './search.ts';
import { findSource } from './source.ts';

/**
 * Static keys, or else those of roles, Identity Center, processes, web identity, containers and instances.
 * @throws CliFailure if there are none
 */
export const findCredentials = async (search: CredentialSearch): Promise<FoundCredentials> =>
  (await findSource(search)).credentials();

/** Static keys may change in their file, so they are read again after this time. */
const reuseMs = 5 * 60_000;
/** Temporary credentials are replaced this long before they expire, so that no request in flight outlives them. */
const refreshBeforeMs = 5 * 60_000;

/** Credentials for a long-running process: cached, and searched again before they expire. A failed search is not cached. */
export function refreshedCredentials(
  search: CredentialSearch,
  now: () => Instant,
): () => Promise<FoundCredentials> {
  let cached: { readonly credentials: Promise<FoundCredentials>; until: Instant } | undefined;
  return async () => {
    if (cached !== undefined && now() < cached.until) return cached.credentials;
    const found = { credentials: findCredentials(search), until: now() + reuseMs };
    cached = found;
    try {
      const { expiresAt } = await found.credentials;
      if (expiresAt !== undefined) found.until = Math.max(now() + 1000, expiresAt - refreshBeforeMs);
    } catch (error) {
      cached = undefined;
      throw error;
    }
    return found.credentials;
  };
}
