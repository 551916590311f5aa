/** Keys that need neither network nor SDK, by the search order of the AWS CLI. */
import { describe, expect, test } from 'vitest';
import { staticCredentials } from '../../../cli/aws/static-credentials.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';

const keys = 'aws_access_key_id = AKIAFILE\naws_secret_access_key = secret\n';
const inEnvironment = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'x' };

describe('static credentials', () => {
  test.each<[string, Record<string, string>, string]>([
    ['the environment', inEnvironment, 'AKIAENV'],
    [
      'the environment, before a profile',
      { ...writeSharedFiles('', `[default]\n${keys}`), ...inEnvironment },
      'AKIAENV',
    ],
    ['the default profile', writeSharedFiles('', `[default]\n${keys}`), 'AKIAFILE'],
    ['a named profile', { ...writeSharedFiles('', `[a]\n${keys}`), AWS_PROFILE: 'a' }, 'AKIAFILE'],
    ['the config file', { ...writeSharedFiles(`[profile a]\n${keys}`), AWS_PROFILE: 'a' }, 'AKIAFILE'],
  ])('static credentials come from %s', (_, env, accessKeyId) => {
    expect(staticCredentials(env)?.accessKeyId).toBe(accessKeyId);
  });

  test.each<[string, Record<string, string>]>([
    ['one of two keys', { ...writeSharedFiles(''), AWS_ACCESS_KEY_ID: 'AKIAENV' }],
    [
      'a profile that assumes a role',
      { ...writeSharedFiles('[profile a]\nrole_arn = x\n', `[a]\n${keys}`), AWS_PROFILE: 'a' },
    ],
    [
      'a profile with SSO',
      { ...writeSharedFiles('[profile a]\nsso_session = x\n', `[a]\n${keys}`), AWS_PROFILE: 'a' },
    ],
    ['another profile', { ...writeSharedFiles('', `[a]\n${keys}`), AWS_PROFILE: 'b' }],
  ])('static credentials do not come from %s', (_, env) => {
    expect(staticCredentials(env)).toBeUndefined();
  });

  test('static credentials keep a session token, and have no such field without one', () => {
    expect(staticCredentials({ ...inEnvironment, AWS_SESSION_TOKEN: 't' })?.sessionToken).toBe('t');
    expect(staticCredentials(inEnvironment)).not.toHaveProperty('sessionToken');
  });
});
