/**
 * Who is logged in to IAM Identity Center, by the login that `aws sso login` leaves in a file. Two logins of one profile are
 * two identities, and without a login there is none.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../lib/errors.ts';
import { sha256 } from './identity.ts';
import type { Identity } from './identity.ts';
import { homeFolder, readSharedFiles } from './shared-config.ts';
import type { Section } from './shared-config.ts';

/** A profile that has one of them may get its credentials in another way, which the SDK decides. */
const otherWays = [
  'aws_access_key_id',
  'role_arn',
  'credential_process',
  'credential_source',
  'web_identity_token_file',
  'login_session',
];

/** The name under which the AWS CLI caches the login; `undefined` if the profile has other credentials, too. */
function loginName(profile: Section): string | undefined {
  if (otherWays.some((name) => profile.has(name))) return undefined;
  if (!profile.has('sso_account_id') || !profile.has('sso_role_name')) return undefined;
  return profile.get('sso_session') ?? profile.get('sso_start_url');
}

export const isIdentityCenter = (profile: Section): boolean => loginName(profile) !== undefined;

function isLive(login: string, now: Instant): boolean {
  const value: unknown = JSON.parse(login);
  if (typeof value !== 'object' || value === null || !('expiresAt' in value)) return false;
  return typeof value.expiresAt === 'string' && Date.parse(value.expiresAt) > now;
}

/** What the AWS CLI has cached, byte for byte; `undefined` after a logout, and if the login has expired. */
function readLogin(env: NodeJS.ProcessEnv, name: string, now: Instant): string | undefined {
  const file = `${createHash('sha1').update(name).digest('hex')}.json`;
  try {
    const login = readFileSync(join(homeFolder(env), '.aws', 'sso', 'cache', file), 'utf8');
    return isLive(login, now) ? login : undefined;
  } catch {
    return undefined;
  }
}

/** The login, the account and the role, with all of the shared files, which hold their locations. */
export function identityOfLogin(
  env: NodeJS.ProcessEnv,
  profile: Section,
  now: Instant,
): Identity | undefined {
  const name = loginName(profile);
  const login = name === undefined ? undefined : readLogin(env, name, now);
  if (login === undefined) return undefined;
  const { config, credentials } = readSharedFiles(env);
  return {
    login: sha256(login),
    account: profile.get('sso_account_id'),
    role: profile.get('sso_role_name'),
    files: sha256(JSON.stringify([config, credentials])),
  };
}
