/** What a token is asked for, by the options of the commands that need one. */
import type { Context } from '../spec.ts';

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
