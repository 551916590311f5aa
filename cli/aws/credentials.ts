/** Finds the caller's AWS credentials. Static ones are taken without loading the AWS SDK. */
import type { Instant } from '../../lib/errors.ts';
import { failure, messageOf } from '../exit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { profileName, readProfile } from './shared-config.ts';
import type { Section } from './shared-config.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end, where that is known. */
  readonly expiresAt?: Instant;
}

export interface FoundCredentials extends Credentials {
  /** Where they were found, for people: "the environment", "profile dev". */
  readonly source: string;
}

/** What the search depends on. */
export interface CredentialSearch {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Pick<Terminal, 'ask'>;
  readonly region: string | undefined;
}

function fromEnvironment(env: NodeJS.ProcessEnv): FoundCredentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    source: 'the environment (AWS_ACCESS_KEY_ID)',
  };
}

/** Settings of a profile that make it more than a pair of keys. */
const indirect = [
  'role_arn',
  'credential_process',
  'credential_source',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
  'login_session',
];

function staticKeys(section: Section | undefined): Credentials | undefined {
  const accessKeyId = section?.get('aws_access_key_id');
  const secretAccessKey = section?.get('aws_secret_access_key');
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = section?.get('aws_session_token');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function fromProfile(env: NodeJS.ProcessEnv): FoundCredentials | undefined {
  const { credentials, config } = readProfile(env);
  if (indirect.some((key) => credentials?.has(key) || config?.has(key))) return undefined;
  const keys = staticKeys(credentials) ?? staticKeys(config);
  return keys && { ...keys, source: `profile ${profileName(env)} of the shared credentials file` };
}

/** Keys that need no network and no SDK, or `undefined`. The environment wins over a profile, as in the AWS CLI. */
export const staticCredentials = (env: NodeJS.ProcessEnv): FoundCredentials | undefined =>
  fromEnvironment(env) ?? fromProfile(env);

const remedy =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, set AWS_PROFILE, or log in with aws sso login';

function explainSearch(error: unknown, env: NodeJS.ProcessEnv): Error {
  const message = messageOf(error).replace(/\.$/, '');
  if (env['AWS_PROFILE']) {
    const { credentials, config } = readProfile(env);
    if (credentials === undefined && config === undefined) {
      return failure(
        `There is no AWS profile ${env['AWS_PROFILE']}: set AWS_PROFILE to another, or make it with aws configure.`,
        error,
      );
    }
    return failure(`AWS profile ${env['AWS_PROFILE']} gave no credentials (${message}): ${remedy}.`, error);
  }
  return failure(`No AWS credentials were found (${message}): ${remedy}.`, error);
}

/** On stderr: stdout is kubectl's. */
export const askMfa = (terminal: Pick<Terminal, 'ask'>, serial: string): Promise<string> =>
  terminal.ask(`MFA code for ${serial}: `);

/** Static credentials, or else the SDK's chain: profiles, SSO, processes, web identity, containers, instances. */
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
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiresAt: expiration.getTime() }),
      source: env['AWS_PROFILE'] ? `profile ${env['AWS_PROFILE']}` : 'the AWS credential provider chain',
    };
  } catch (error) {
    throw explainSearch(error, env);
  }
}

/** Static ones may change in their file; none is asked for more often than this. */
const keepMs = 5 * 60_000;
/** Taken anew before they end, so that no request is signed with ones that are about to. */
const refreshBeforeMs = 5 * 60_000;

/** Credentials for a process that stays: found once, and again before they end. A failed search is not kept. */
export function refreshedCredentials(
  search: CredentialSearch,
  now: () => Instant,
): () => Promise<FoundCredentials> {
  let kept: { readonly credentials: Promise<FoundCredentials>; until: Instant } | undefined;
  return async () => {
    if (kept !== undefined && now() < kept.until) return kept.credentials;
    const found = { credentials: findCredentials(search), until: now() + keepMs };
    kept = found;
    try {
      const { expiresAt } = await found.credentials;
      if (expiresAt !== undefined) found.until = Math.max(now() + 1000, expiresAt - refreshBeforeMs);
    } catch (error) {
      kept = undefined;
      throw error;
    }
    return found.credentials;
  };
}
