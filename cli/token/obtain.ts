/** Obtains a token for a cluster: from the cache, or generated with the caller's credentials. */
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../lib/errors.ts';
import { globalStsHost, regionalStsHost } from '../../lib/identity/partitions.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { Identity } from '../aws/identity.ts';
import { resolveRegion } from '../aws/region.ts';
import { askMfa } from '../aws/search.ts';
import type { FoundCredentials } from '../aws/search.ts';
import { profileName, readProfile } from '../aws/shared-config.ts';
import { defaultSessionName, findSource } from '../aws/source.ts';
import type { Source } from '../aws/source.ts';
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

type RoleRequest = Omit<TokenRequest, 'clusterId' | 'useCache'>;

const mfaSerial = ({ mfaSerial: given }: RoleRequest, env: NodeJS.ProcessEnv): string | undefined =>
  given ?? readProfile(env).config?.get('mfa_serial');

const sessionOf = ({ session }: RoleRequest, env: NodeJS.ProcessEnv): { readonly name: string } | 'forward' =>
  session ?? { name: env['AWS_ROLE_SESSION_NAME'] || defaultSessionName };

async function signers(
  source: Source,
  request: RoleRequest,
  { env, terminal }: Pick<Context, 'env' | 'terminal'>,
): Promise<FoundCredentials> {
  const own = await source.credentials();
  if (request.roleArn === undefined) return own;
  const { assumeRole } = await import('../aws/assume-role.ts');
  const serial = mfaSerial(request, env);
  return assumeRole(own, {
    roleArn: request.roleArn,
    externalId: request.externalId,
    session: sessionOf(request, env),
    region: resolveRegion(env, request.region),
    mfa: serial === undefined ? undefined : { serial, ask: (device) => askMfa(terminal, device) },
  });
}

/** The credentials that sign the token: the caller's own, or those of the role. */
export async function credentialsFor(
  request: RoleRequest,
  context: Pick<Context, 'env' | 'terminal'>,
): Promise<FoundCredentials> {
  const region = resolveRegion(context.env, request.region);
  return signers(await findSource({ ...context, region }), request, context);
}

/** All values that determine the token. Whose it is, the source says; without an identity there is no key. */
function cacheKey(
  request: TokenRequest,
  env: NodeJS.ProcessEnv,
  source: Identity | undefined,
): CacheKey | undefined {
  if (source === undefined) return undefined;
  const session = sessionOf(request, env);
  return {
    source,
    cluster: request.clusterId,
    role: request.roleArn,
    externalId: request.externalId,
    session: session === 'forward' ? session : `name ${session.name}`,
    mfaSerial: mfaSerial(request, env),
    region: resolveRegion(env, request.region),
    profile: profileName(env),
    endpoint: env['AWS_ENDPOINT_URL_STS'] ?? env['AWS_ENDPOINT_URL'],
  };
}

/** @throws CliFailure if there are no credentials, the role cannot be assumed, or the region is unknown */
export async function obtainToken(request: TokenRequest, environment: Environment): Promise<ObtainedToken> {
  const { env, now } = environment;
  const region = resolveRegion(env, request.region);
  const target = stsTarget(region);
  const directory = cacheDirectory(env);
  const source = await findSource({ ...environment, region });
  const keyNow = () => (request.useCache ? cacheKey(request, env, source.identity(now())) : undefined);
  const key = keyNow();
  const cached = key && readCachedToken(directory, key, now());
  if (cached !== undefined) return cached;
  const credentials = await signers(source, request, environment);
  const signedAt = now();
  const generated = generateToken({ clusterId: request.clusterId, ...target, credentials, now: signedAt });
  const obtained = {
    token: generated.token,
    expiresAt: Math.min(generated.expiresAt, credentials.expiresAt ?? Number.POSITIVE_INFINITY),
  };
  // If somebody else has logged in meanwhile, nobody knows whose credentials these are.
  if (key !== undefined && isDeepStrictEqual(key, keyNow()))
    writeCachedToken(directory, key, obtained, signedAt);
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
