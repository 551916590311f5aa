/** The credentials that sign a token: the caller's own, or those of a role. */
import { resolveRegion } from '../aws/region.ts';
import { askMfa } from '../aws/search.ts';
import type { FoundCredentials } from '../aws/search.ts';
import { readProfile } from '../aws/shared-config.ts';
import { defaultSessionName, findSource } from '../aws/source.ts';
import type { Source } from '../aws/source.ts';
import type { Context } from '../spec.ts';
import type { TokenRequest } from './request.ts';

export type RoleRequest = Omit<TokenRequest, 'clusterId' | 'useCache'>;

/** The MFA device of an option or of the profile. */
export const mfaSerial = ({ mfaSerial: given }: RoleRequest, env: NodeJS.ProcessEnv): string | undefined =>
  given ?? readProfile(env).config?.get('mfa_serial');

/** The session name of the role: of an option, of the environment, or `countersign`. */
export const sessionOf = (
  { session }: RoleRequest,
  env: NodeJS.ProcessEnv,
): { readonly name: string } | 'forward' =>
  session ?? { name: env['AWS_ROLE_SESSION_NAME'] || defaultSessionName };

/** The credentials of the source, or of the role that they assume. @throws CliFailure */
export async function signerOf(
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
  return signerOf(await findSource({ ...context, region }), request, context);
}
