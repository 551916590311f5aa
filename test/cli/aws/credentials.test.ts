/** Credentials by the search order of the AWS CLI, without the SDK if they are static. */
import { describe, expect, test } from 'vitest';
import { findCredentials, refreshedCredentials, staticCredentials } from '../../../cli/aws/credentials.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

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

test('a profile that does not exist is named in the error message, with a remedy', async () => {
  const env = { ...writeSharedFiles(''), AWS_PROFILE: 'nobody' };
  await expect(findCredentials({ env, terminal: quietTerminal(), region: undefined })).rejects.toThrow(
    /There is no AWS profile nobody: set AWS_PROFILE to another, or create it/,
  );
});

test('credentials of a long-running process are cached for five minutes, then searched again', async () => {
  const env: Record<string, string> = { ...inEnvironment };
  let now = 0;
  const credentials = refreshedCredentials({ env, terminal: quietTerminal(), region: undefined }, () => now);
  const first = await credentials();
  env['AWS_ACCESS_KEY_ID'] = 'AKIANEXT';
  now = 299_000;
  expect(await credentials()).toBe(first);
  now = 301_000;
  expect((await credentials()).accessKeyId).toBe('AKIANEXT');
});

test('a failed search for credentials is not cached', async () => {
  const env: Record<string, string> = { ...writeSharedFiles(''), AWS_PROFILE: 'nobody' };
  const credentials = refreshedCredentials({ env, terminal: quietTerminal(), region: undefined }, () => 0);
  await expect(credentials()).rejects.toThrow(/nobody/);
  Object.assign(env, inEnvironment);
  expect((await credentials()).accessKeyId).toBe('AKIAENV');
});
