/** Obtains a token for a cluster: from the cache, or generated with the caller's credentials. */
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../lib/errors.ts';
import { globalStsHost, regionalStsHost } from '../../lib/identity/partitions.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { Identity } from '../aws/identity.ts';
import { resolveRegion } from '../aws/region.ts';
import type { FoundCredentials } from '../aws/search.ts';
import { profileName } from '../aws/shared-config.ts';
import { findSource } from '../aws/source.ts';
import { wrongUsage } from '../exit.ts';
import type { Context } from '../spec.ts';
import { cacheDirectory, forgetCached, readCachedToken, writeCachedToken } from './cache.ts';
import type { CacheKey } from './cache.ts';
import type { TokenRequest } from './request.ts';
import { mfaSerial, sessionOf, signerOf } from './signer.ts';
import { remedyOf } from './trust.ts';
import type { Flaw } from './trust.ts';

export interface ObtainedToken {
  readonly token: string;
  /** One minute before STS rejects it, or when the credentials expire, if that is sooner. */
  readonly expiresAt: Instant;
}

type Environment = Pick<Context, 'env' | 'terminal' | 'now'>;

/** All values that determine the token. The source knows whose it is; without an identity there is no key. */
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

/** A token, and how to drop it from the cache after a refusal. */
export interface Login extends ObtainedToken {
  /** Deletes what is cached for this identity and request, so that the next call creates a token. */
  readonly forget: () => void;
}

function warnOf(flaw: Flaw, directory: string, { env, terminal }: Environment): void {
  terminal.say(
    `${terminal.style('yellow', 'Warning:', 'talk')} countersign does not use its token cache, because ${flaw.path} ${flaw.why}: ${remedyOf(flaw, directory, env)}.`,
  );
}

function createToken(
  { clusterId }: TokenRequest,
  credentials: FoundCredentials,
  target: Target,
  now: Instant,
): ObtainedToken {
  const generated = generateToken({ clusterId, ...target, credentials, now });
  return {
    token: generated.token,
    expiresAt: Math.min(generated.expiresAt, credentials.expiresAt ?? Number.POSITIVE_INFINITY),
  };
}

/** @throws CliFailure if there are no credentials, the role cannot be assumed, or the region is unknown */
export async function obtainLogin(request: TokenRequest, environment: Environment): Promise<Login> {
  const { env, now } = environment;
  const region = resolveRegion(env, request.region);
  const target = stsTarget(region);
  const directory = cacheDirectory(env);
  const source = await findSource({ ...environment, region });
  const keyNow = () => cacheKey(request, env, source.identity(now()));
  const key = keyNow();
  const forget = () => key && forgetCached(directory, { key });
  const lookup = key && request.useCache ? readCachedToken(directory, key, now()) : undefined;
  if (lookup?.kind === 'found') return { ...lookup.cached, forget };
  if (lookup?.kind === 'untrusted') warnOf(lookup.flaw, directory, environment);
  const credentials = await signerOf(source, request, environment);
  const signedAt = now();
  const created = createToken(request, credentials, target, signedAt);
  // If another user has logged in meanwhile, the owner of these credentials is unknown.
  if (key && lookup?.kind === 'missing' && isDeepStrictEqual(key, keyNow()))
    writeCachedToken(directory, key, created, signedAt);
  return { ...created, forget };
}

/** Only the token. @throws CliFailure as `obtainLogin` does */
export async function obtainToken(request: TokenRequest, environment: Environment): Promise<ObtainedToken> {
  const { token, expiresAt } = await obtainLogin(request, environment);
  return { token, expiresAt };
}

interface Target {
  readonly region: string;
  readonly host: string;
}

/** The STS host to sign for: the regional one, or the global one, whose requests are signed for us-east-1. */
function stsTarget(region: string | undefined): Target {
  if (region === undefined) return { region: 'us-east-1', host: globalStsHost };
  const host = regionalStsHost(region);
  if (host === undefined) {
    throw wrongUsage(`There is no AWS region ${region}: set another with --region or AWS_REGION.`);
  }
  return { region, host };
}
