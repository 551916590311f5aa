/** Assumes a role by STS. Loading the SDK costs several times what a token costs: import this module dynamically. */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import { verifiedRequestHandler } from '../../lib/net/verified-tls.ts';
import { CliFailure, failure, messageOf } from '../exit.ts';
import { parseSecureUrl } from '../secure-url.ts';
import type { FoundCredentials } from './search.ts';

export interface Mfa {
  /** `arn:aws:iam::111122223333:mfa/alice` */
  readonly serial: string;
  readonly ask: (serial: string) => Promise<string>;
}

export interface RoleRequest {
  readonly roleArn: string;
  readonly externalId: string | undefined;
  /** A name, or `forward`: the session name of the source credentials, or the name of their user. */
  readonly session: { readonly name: string } | 'forward';
  readonly region: string | undefined;
  /** Of the session. Default: an hour. */
  readonly durationSeconds?: number | undefined;
  /** The second factor, if the trust policy of the role requires one. */
  readonly mfa: Mfa | undefined;
}

/** The session name of `arn:aws:sts::…:assumed-role/Role/alice`, or a user's or federated user's own name. */
export const sessionNameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

async function sessionName(client: STSClient, session: RoleRequest['session']): Promise<string> {
  if (session !== 'forward') return session.name;
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new Error('STS returned no ARN for the caller');
  return sessionNameOf(Arn);
}

const mfaOf = async (mfa: Mfa | undefined): Promise<{ SerialNumber?: string; TokenCode?: string }> =>
  mfa === undefined ? {} : { SerialNumber: mfa.serial, TokenCode: await mfa.ask(mfa.serial) };

/** Error codes of STS about the caller's own credentials, with their remedies: no policy of the role helps there. */
const ownRemedies: ReadonlyMap<string, string> = new Map([
  ['ExpiredToken', 'log in to AWS again'],
  ['ExpiredTokenException', 'log in to AWS again'],
  ['InvalidClientTokenId', 'check your credentials with aws sts get-caller-identity'],
  ['SignatureDoesNotMatch', 'check your credentials with aws sts get-caller-identity'],
]);

const remedyFor = (error: unknown): string =>
  (error instanceof Error ? ownRemedies.get(error.name) : undefined) ??
  'its trust policy must name your identity, and your identity must be allowed sts:AssumeRole';

/** The answer holds the keys of the role. Environment and profile can both set the endpoint, so the request itself is looked at. */
function refuseReadable(request: unknown): void {
  if (typeof request !== 'object' || request === null) return;
  if (!('protocol' in request) || !('hostname' in request)) return;
  parseSecureUrl(`${String(request.protocol)}//${String(request.hostname)}`, 'The endpoint_url of STS');
}

function createClient(source: AwsCredentials, region: string | undefined): STSClient {
  const { accessKeyId, secretAccessKey, sessionToken } = source;
  const client = new STSClient({
    region: region ?? 'us-east-1',
    requestHandler: verifiedRequestHandler,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      refuseReadable(args.request);
      return next(args);
    },
    { step: 'build' },
  );
  return client;
}

/**
 * Assumes the role, at the endpoint of `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` if one is set.
 * @throws CliFailure with the reason of STS and a remedy, or if the endpoint is neither https nor on loopback
 */
export async function assumeRole(source: AwsCredentials, request: RoleRequest): Promise<FoundCredentials> {
  const client = createClient(source, request.region);
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({
        RoleArn: request.roleArn,
        RoleSessionName: await sessionName(client, request.session),
        ...(request.externalId === undefined ? {} : { ExternalId: request.externalId }),
        ...(request.durationSeconds === undefined ? {} : { DurationSeconds: request.durationSeconds }),
        ...(await mfaOf(request.mfa)),
      }),
    );
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) {
      throw new Error('STS returned no credentials');
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      ...(given.Expiration === undefined ? {} : { expiresAt: given.Expiration.getTime() }),
      source: `role ${request.roleArn}`,
    };
  } catch (error) {
    // The message is complete: no user could be asked for the MFA code, or the endpoint was refused.
    if (error instanceof CliFailure) throw error;
    throw failure(
      `Role ${request.roleArn} could not be assumed (${messageOf(error).replace(/\.$/, '')}): ${remedyFor(error)}.`,
      error,
    );
  } finally {
    client.destroy();
  }
}
