/** Keys of the environment and of the shared files: they need neither network nor SDK. */
import type { AwsCredentials } from '../../lib/net/sign.ts';
import type { FoundCredentials } from './search.ts';
import { profileName, readProfile } from './shared-config.ts';
import type { Section } from './shared-config.ts';

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

/** The keys that a section holds, if it holds a pair. */
export const keysIn = (section: Section | undefined): AwsCredentials | undefined =>
  keyPair(
    section?.get('aws_access_key_id'),
    section?.get('aws_secret_access_key'),
    section?.get('aws_session_token'),
  );

/** Settings that turn a profile into more than a pair of keys. */
const indirect = [
  'role_arn',
  'credential_process',
  'credential_source',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
  'login_session',
];

function fromProfile(env: NodeJS.ProcessEnv): FoundCredentials | undefined {
  const { credentials, config } = readProfile(env);
  if (indirect.some((key) => credentials?.has(key) || config?.has(key))) return undefined;
  const keys = keysIn(credentials) ?? keysIn(config);
  return keys && { ...keys, source: `profile ${profileName(env)} of the shared credentials file` };
}

/** The keys, or `undefined`. As in the AWS CLI, the environment has priority over a profile. */
export const staticCredentials = (env: NodeJS.ProcessEnv): FoundCredentials | undefined =>
  fromEnvironment(env) ?? fromProfile(env);
