import { readProfile } from './shared-config.ts';

/**
 * The region as the AWS CLI finds it: the flag, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile. `undefined`
 * where none says: then the global STS host is meant, which is signed for us-east-1.
 */
export function resolveRegion(env: NodeJS.ProcessEnv, flag?: string): string | undefined {
  const explicit = flag || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (explicit) return explicit;
  const { config, credentials } = readProfile(env);
  return credentials?.get('region') || config?.get('region') || undefined;
}
