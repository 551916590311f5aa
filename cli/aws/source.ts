/**
 * Where the caller's credentials come from, and whose they are before anything slow is done. A cached token belongs to one
 * identity, so every call looks at whatever decides the identity: keys are resolved, and only the keys of an Identity Center
 * login and of an assumed role are left until there is no token of theirs.
 */
import type { Instant } from '../../lib/errors.ts';
import { identityOfKeys } from './identity.ts';
import type { Identity } from './identity.ts';
import { identityOfLogin, isIdentityCenter } from './identity-center.ts';
import { askMfa } from './search.ts';
import type { CredentialSearch, FoundCredentials } from './search.ts';
import { findBySdk, searchFailure, shownSource } from './sdk-search.ts';
import { profileName, profileSettings } from './shared-config.ts';
import type { Section } from './shared-config.ts';
import { keysIn, staticCredentials } from './static-credentials.ts';

export interface Source {
  /** Whose the credentials are at this moment. `undefined`: there is no login, or each call gets new keys. Then no token is cached. */
  readonly identity: (now: Instant) => Identity | undefined;
  /** @throws CliFailure if there are none */
  readonly credentials: () => Promise<FoundCredentials>;
}

/** The session name of an assumed role, if nothing sets one. */
export const defaultSessionName = 'countersign';

const known = (credentials: FoundCredentials, identity?: Identity): Source => ({
  identity: () => identity,
  credentials: async () => credentials,
});

const knownKeys = (credentials: FoundCredentials): Source => known(credentials, identityOfKeys(credentials));

/** A profile on the way from the caller's own one, which has no path, to the profile that holds the source's credentials. */
interface Visit {
  readonly profile: string;
  readonly settings: Section;
  readonly path: readonly string[];
}

const visitTo = ({ env }: CredentialSearch, profile: string, path: readonly string[] = []): Visit => ({
  profile,
  settings: profileSettings(env, profile),
  path,
});

const isRoleProfile = (settings: Section): boolean =>
  settings.has('role_arn') && settings.has('source_profile') !== settings.has('credential_source');

/** Web identity returns new keys in every call; all else that the SDK resolves returns the same ones until they expire. */
async function resolvedBySdk(search: CredentialSearch, { profile, settings, path }: Visit): Promise<Source> {
  const credentials = await findBySdk(search, { kind: path.length === 0 ? 'chain' : 'profile', profile });
  const isNew = settings.has('web_identity_token_file') || Boolean(search.env['AWS_WEB_IDENTITY_TOKEN_FILE']);
  return isNew ? known(credentials) : knownKeys(credentials);
}

/** The source of a role profile: another profile, or what `credential_source` names. */
async function sourceOfRole(search: CredentialSearch, { settings, path }: Visit): Promise<Source> {
  const credentialSource = settings.get('credential_source');
  if (credentialSource !== undefined) {
    return knownKeys(await findBySdk(search, { kind: 'host', credentialSource }));
  }
  const next = settings.get('source_profile') ?? '';
  if (path.includes(next)) {
    throw searchFailure(`source_profile leads in a circle: ${[...path, next].join(', ')}`, search.env);
  }
  return profileSource(search, visitTo(search, next, [...path, next]));
}

async function roleSource(search: CredentialSearch, visit: Visit): Promise<Source> {
  const source = await sourceOfRole(search, visit);
  const { settings } = visit;
  const role = {
    roleArn: settings.get('role_arn') ?? '',
    externalId: settings.get('external_id'),
    sessionName: settings.get('role_session_name') ?? defaultSessionName,
    duration: settings.get('duration_seconds'),
    mfaSerial: settings.get('mfa_serial'),
  };
  return {
    identity(now) {
      const of = source.identity(now);
      return of && { ...role, of };
    },
    async credentials() {
      const { assumeRole } = await import('./assume-role.ts');
      const { terminal, region, env } = search;
      const serial = role.mfaSerial;
      const assumed = await assumeRole(await source.credentials(), {
        ...role,
        session: { name: role.sessionName },
        durationSeconds: role.duration === undefined ? undefined : Number(role.duration),
        region,
        mfa: serial === undefined ? undefined : { serial, ask: (device) => askMfa(terminal, device) },
      });
      return { ...assumed, source: shownSource(env) };
    },
  };
}

/** Only that profile is asked: keys from elsewhere, such as those of the instance, would be cached under the login. */
const identityCenterSource = (search: CredentialSearch, { profile, settings }: Visit): Source => ({
  identity: (now) => identityOfLogin(search.env, settings, now),
  credentials: () => findBySdk(search, { kind: 'profile', profile }),
});

/** In the SDK's order. Whatever this does not know is left to the SDK, in every call. */
async function profileSource(search: CredentialSearch, visit: Visit): Promise<Source> {
  const { settings, path } = visit;
  const keys = path.length === 0 ? undefined : keysIn(settings);
  if (keys !== undefined) return knownKeys({ ...keys, source: shownSource(search.env) });
  if (isRoleProfile(settings)) return roleSource(search, visit);
  const isHost = path.length > 0 && !settings.has('role_arn') && settings.has('credential_source');
  if (isHost) return sourceOfRole(search, visit);
  if (isIdentityCenter(settings)) return identityCenterSource(search, visit);
  return resolvedBySdk(search, visit);
}

/** @throws CliFailure if the source's keys are resolved in every call, and there are none */
export async function findSource(search: CredentialSearch): Promise<Source> {
  const found = staticCredentials(search.env);
  if (found !== undefined) return knownKeys(found);
  return profileSource(search, visitTo(search, profileName(search.env)));
}
