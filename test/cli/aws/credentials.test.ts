/** Credentials by the search order of the AWS CLI, without the SDK if they are static. */
import { expect, test } from 'vitest';
import { findCredentials, refreshedCredentials } from '../../../cli/aws/credentials.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

const inEnvironment = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'x' };

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
