import { expect, test } from 'vitest';
import { resolveRegion } from '../../../cli/aws/region.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';

test.each<[string, Record<string, string>, string | undefined, string | undefined]>([
  ['the flag', { AWS_REGION: 'eu-west-1' }, 'us-west-2', 'us-west-2'],
  ['AWS_REGION', { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-1'],
  ['AWS_DEFAULT_REGION', { AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-2'],
  [
    'the profile',
    { ...writeSharedFiles('[profile a]\nregion = eu-north-1\n'), AWS_PROFILE: 'a' },
    undefined,
    'eu-north-1',
  ],
  ['the default profile', writeSharedFiles('[default]\nregion = sa-east-1\n'), undefined, 'sa-east-1'],
  ['no source, and is undefined', writeSharedFiles(''), undefined, undefined],
])('the region comes from %s', (_, env, flag, region) => expect(resolveRegion(env, flag)).toBe(region));
