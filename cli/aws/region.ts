import { readProfile } from './shared-config.ts';

/**
 * The region by the search order of the AWS CLI: the flag, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile. If it is
 * `undefined`, tokens use the global STS host, for which requests are signed with us-east-1.
 */
export function resolveRegion(env: NodeJS.ProcessEnv, flag?: string): string | undefined {
  const explicit = flag || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (explicit) return explicit;
  const { config, credentials } = readProfile(env);
  return credentials?.get('region') || config?.get('region') || undefined;
}
