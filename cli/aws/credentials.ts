/** Finds the caller's AWS credentials. Static keys are found without loading the AWS SDK. */
import type { Instant } from '../../lib/errors.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import { failure, messageOf } from '../exit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { profileName, readProfile } from './shared-config.ts';
import type { Section } from './shared-config.ts';

export interface FoundCredentials extends AwsCredentials {
  /** When they expire, if that is known. */
  readonly expiresAt?: Instant;
  /** Where they were found, for messages: "the environment", "profile dev". */
  readonly source: string;
}

/** What the search depends on. */
export interface CredentialSearch {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Pick<Terminal, 'ask'>;
  readonly region: string | undefined;
}

/** A pair of keys, if both are there and neither is empty. */
function keyPair(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): AwsCredentials | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function fromEnvironment(env: NodeJS.ProcessEnv): FoundCredentials | undefined {
  const keys = keyPair(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']);
  return keys && { ...keys, source: 'the environment (AWS_ACCESS_KEY_ID)' };
}

/** Settings that turn a profile into more than a pair of keys: the SDK resolves such a profile. */
const indirect = [
  'role_arn',
  'credential_process',
  'credential_source',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
  'login_session',
];

const keysIn = (section: Section | undefined): AwsCredentials | undefined =>
  keyPair(
    section?.get('aws_access_key_id'),
    section?.get('aws_secret_access_key'),
    section?.get('aws_session_token'),
  );

function fromProfile(env: NodeJS.ProcessEnv): FoundCredentials | undefined {
  const { credentials, config } = readProfile(env);
  if (indirect.some((key) => credentials?.has(key) || config?.has(key))) return undefined;
  const keys = keysIn(credentials) ?? keysIn(config);
  return keys && { ...keys, source: `profile ${profileName(env)} of the shared credentials file` };
}

/** Keys that need neither network nor SDK, or `undefined`. As in the AWS CLI, the environment has priority over a profile. */
export const staticCredentials = (env: NodeJS.ProcessEnv): FoundCredentials | undefined =>
  fromEnvironment(env) ?? fromProfile(env);

const remedy =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, set AWS_PROFILE, or log in with aws sso login';

function searchFailure(error: unknown, env: NodeJS.ProcessEnv): Error {
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

/** Asks on stderr, since kubectl reads stdout. */
export const askMfa = (terminal: Pick<Terminal, 'ask'>, serial: string): Promise<string> =>
  terminal.ask(`MFA code for ${serial}: `);

/**
 * Static keys, or else the SDK's chain: profiles, SSO, processes, web identity, containers, instances.
 * @throws CliFailure if neither has credentials
 */
export async function findCredentials(search: CredentialSearch): Promise<FoundCredentials> {
  const { env, terminal, region } = search;
  const found = staticCredentials(env);
  if (found !== undefined) return found;
  const { searchChain } = await import('./provider-chain.ts');
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await searchChain({
      profile: profileName(env),
      region: region ?? 'us-east-1',
      askMfa: (serial) => askMfa(terminal, serial),
    });
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(expiration === undefined ? {} : { expiresAt: expiration.getTime() }),
      source: env['AWS_PROFILE'] ? `profile ${env['AWS_PROFILE']}` : 'the AWS credential provider chain',
    };
  } catch (error) {
    throw searchFailure(error, env);
  }
}

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
