/** Asks the AWS SDK for credentials, loads it only then, and words its failures. */
import { failure, messageOf } from '../exit.ts';
import type { Place } from './provider-chain.ts';
import { askMfa } from './search.ts';
import type { CredentialSearch, FoundCredentials } from './search.ts';
import { readProfile } from './shared-config.ts';

const remedy =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, set AWS_PROFILE, or log in with aws sso login';

/** The sentence for a search that found nothing, as far as the user chose a profile. */
export function searchFailure(error: unknown, env: NodeJS.ProcessEnv): Error {
  const message = messageOf(error).replace(/\.$/, '');
  const profile = env['AWS_PROFILE'];
  if (!profile) return failure(`No AWS credentials were found (${message}): ${remedy}.`, error);
  const { credentials, config } = readProfile(env);
  if (credentials === undefined && config === undefined) {
    return failure(
      `There is no AWS profile ${profile}: set AWS_PROFILE to another, or create it with aws configure.`,
      error,
    );
  }
  return failure(`AWS profile ${profile} has no usable credentials (${message}): ${remedy}.`, error);
}

/** How messages name what the search found. */
export const shownSource = (env: NodeJS.ProcessEnv): string =>
  env['AWS_PROFILE'] ? `profile ${env['AWS_PROFILE']}` : 'the AWS credential provider chain';

/** @throws CliFailure if there are no credentials */
export async function findBySdk(search: CredentialSearch, place: Place): Promise<FoundCredentials> {
  const { env, terminal, region } = search;
  const { searchPlace } = await import('./provider-chain.ts');
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await searchPlace(place, {
      region: region ?? 'us-east-1',
      askMfa: (serial) => askMfa(terminal, serial),
    });
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(expiration === undefined ? {} : { expiresAt: expiration.getTime() }),
      source: shownSource(env),
    };
  } catch (error) {
    throw searchFailure(error, env);
  }
}
