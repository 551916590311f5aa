/** Obtains a token for a cluster: from the cache, or generated with the caller's credentials. */
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
  /** `--region`. Default: that of the environment or of the profile. */
  readonly region: string | undefined;
  /** The caller's MFA device, for a role that requires a code. Default: `mfa_serial` of the profile. */
  readonly mfaSerial: string | undefined;
  readonly useCache: boolean;
}

export interface ObtainedToken {
  readonly token: string;
  /** One minute before STS rejects it, or when the credentials expire, if that is sooner. */
  readonly expiresAt: Instant;
}

type Environment = Pick<Context, 'env' | 'terminal' | 'now'>;

/** The session name of an assumed role, if neither an option nor AWS_ROLE_SESSION_NAME sets one. */
const defaultSessionName = 'countersign';

/** The request by the options of `token` and of other commands that need one; the names are those of aws-iam-authenticator. */
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

/** The credentials that sign the token: the caller's own, or those of the role. */
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

/** All values that determine the token; with the stamp of the shared files, an edited profile has another key. */
function cacheKey(request: TokenRequest, env: NodeJS.ProcessEnv): CacheKey {
  return {
    cluster: request.clusterId,
    role: request.roleArn,
    externalId: request.externalId,
    session: typeof request.session === 'object' ? `name ${request.session.name}` : request.session,
    defaultSession: env['AWS_ROLE_SESSION_NAME'],
    region: resolveRegion(env, request.region),
    profile: profileName(env),
    accessKeyId: env['AWS_ACCESS_KEY_ID'],
    endpoint: env['AWS_ENDPOINT_URL_STS'] ?? env['AWS_ENDPOINT_URL'],
    files: sharedFilesStamp(env),
  };
}

/** @throws CliFailure if there are no credentials, the role cannot be assumed, or the region is unknown */
export async function obtainToken(request: TokenRequest, environment: Environment): Promise<ObtainedToken> {
  const { env, now } = environment;
  const directory = cacheDirectory(env);
  const key = cacheKey(request, env);
  const cached = request.useCache ? readCachedToken(directory, key, now()) : undefined;
  if (cached !== undefined) return cached;
  const credentials = await credentialsFor(request, environment);
  const signedAt = now();
  const generated = generateToken({
    clusterId: request.clusterId,
    ...stsTarget(resolveRegion(env, request.region)),
    credentials,
    now: signedAt,
  });
  const obtained = {
    token: generated.token,
    expiresAt: Math.min(generated.expiresAt, credentials.expiresAt ?? Number.POSITIVE_INFINITY),
  };
  if (request.useCache) writeCachedToken(directory, key, obtained, signedAt);
  return obtained;
}

/** The STS host to sign for: the regional one, or the global one, whose requests are signed for us-east-1. */
function stsTarget(region: string | undefined): { region: string; host: string } {
  if (region === undefined) return { region: 'us-east-1', host: globalStsHost };
  const host = regionalStsHost(region);
  if (host === undefined) {
    throw wrongUsage(`There is no AWS region ${region}: set another with --region or AWS_REGION.`);
  }
  return { region, host };
}
