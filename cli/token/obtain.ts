/** Gets a token for a cluster: from the cache, or made of the caller's credentials. */
import type { Instant } from '../../lib/errors.ts';
import { globalStsHost, regionalStsHost } from '../../lib/identity/partitions.ts';
import { generateToken } from '../../lib/token/generate.ts';
import { askMfa, findCredentials } from '../aws/credentials.ts';
import type { FoundCredentials } from '../aws/credentials.ts';
import { resolveRegion } from '../aws/region.ts';
import { profileName, readProfile, sharedFilesStamp } from '../aws/shared-config.ts';
import { wrongUsage } from '../exit.ts';
import type { Context } from '../spec.ts';
import { cacheDirectory, readCachedToken, writeCachedToken } from './cache.ts';
import type { CacheKey } from './cache.ts';

export interface TokenRequest {
  readonly clusterId: string;
  readonly roleArn: string | undefined;
  readonly externalId: string | undefined;
  readonly session: { readonly name: string } | 'forward' | undefined;
  /** As given by `--region`; else the environment and the profile say. */
  readonly region: string | undefined;
  /** The caller's MFA device, for a role that wants a code; default: `mfa_serial` of the profile. */
  readonly mfaSerial: string | undefined;
  readonly useCache: boolean;
}

export interface ObtainedToken {
  readonly token: string;
  /** One minute before STS stops taking it, or when the credentials end, if that is sooner. */
  readonly expiresAt: Instant;
}

type Surroundings = Pick<Context, 'env' | 'terminal' | 'now'>;

/** What an assumed role's session is called where nobody says. */
const defaultSessionName = 'countersign';

/** What aws-iam-authenticator's users know as its options, from the flags of `token` and its kin. */
export function tokenRequest({ input }: Pick<Context, 'input'>): TokenRequest {
  const name = input.text('sessionName');
  return {
    clusterId: input.required('clusterId'),
    roleArn: input.text('role'),
    externalId: input.text('externalId'),
    session: input.flag('forwardSessionName') ? 'forward' : name === undefined ? undefined : { name },
    region: input.text('region'),
    mfaSerial: input.text('mfaSerial'),
    useCache: input.flag('cache'),
  };
}

/** The credentials that the token is to be made of: the caller's own, or those of the role. */
export async function credentialsFor(
  request: Omit<TokenRequest, 'clusterId' | 'useCache'>,
  { env, terminal }: Pick<Context, 'env' | 'terminal'>,
): Promise<FoundCredentials> {
  const region = resolveRegion(env, request.region);
  const own = await findCredentials({ env, terminal, region });
  if (request.roleArn === undefined) return own;
  const { assumeRole } = await import('../aws/assume-role.ts');
  const serial = request.mfaSerial ?? readProfile(env).config?.get('mfa_serial');
  return assumeRole(own, {
    roleArn: request.roleArn,
    externalId: request.externalId,
    session: request.session ?? { name: env['AWS_ROLE_SESSION_NAME'] || defaultSessionName },
    region,
    mfa: serial === undefined ? undefined : { serial, ask: (device) => askMfa(terminal, device) },
  });
}

/** All that decides what the token would be; the files' stamp makes an edited profile another key. */
function cacheKey(request: TokenRequest, env: NodeJS.ProcessEnv): CacheKey {
  return {
    cluster: request.clusterId,
    role: request.roleArn,
    externalId: request.externalId,
    session: request.session === 'forward' ? 'forward' : `name ${request.session?.name ?? ''}`,
    defaultSession: env['AWS_ROLE_SESSION_NAME'],
    region: resolveRegion(env, request.region),
    profile: profileName(env),
    accessKeyId: env['AWS_ACCESS_KEY_ID'],
    endpoint: env['AWS_ENDPOINT_URL_STS'] ?? env['AWS_ENDPOINT_URL'],
    files: sharedFilesStamp(env),
  };
}

export async function obtainToken(request: TokenRequest, around: Surroundings): Promise<ObtainedToken> {
  const { env, now } = around;
  const directory = cacheDirectory(env);
  const key = cacheKey(request, env);
  const cached = request.useCache ? readCachedToken(directory, key, now()) : undefined;
  if (cached !== undefined) return cached;
  const credentials = await credentialsFor(request, around);
  const madeAt = now();
  const generated = generateToken({
    clusterId: request.clusterId,
    ...stsTarget(resolveRegion(env, request.region)),
    credentials,
    now: madeAt,
  });
  const obtained = {
    token: generated.token,
    expiresAt: Math.min(generated.expiresAt, credentials.expiresAt ?? Number.POSITIVE_INFINITY),
  };
  if (request.useCache) writeCachedToken(directory, key, obtained, madeAt);
  return obtained;
}

/** The host to sign for: the region's own, or the global one, which is signed for us-east-1. */
function stsTarget(region: string | undefined): { region: string; host: string } {
  if (region === undefined) return { region: 'us-east-1', host: globalStsHost };
  const host = regionalStsHost(region);
  if (host === undefined) {
    throw wrongUsage(`There is no AWS region ${region}: give another with --region or AWS_REGION.`);
  }
  return { region, host };
}
