/** A user asks who they are: `whoami` and `verify`, and roles that want a second factor. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { assumeRole } from '../../cli/aws/assume-role.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { countersign, startDev } from './cli-process.ts';
import type { Dev, Ended } from './cli-process.ts';

let dev: Dev;
beforeAll(async () => {
  dev = await startDev();
});
afterAll(() => dev.end());

const mallory = { AWS_ACCESS_KEY_ID: 'AKIADEMOMALLORY00001', AWS_SECRET_ACCESS_KEY: 'demo-secret-mallory' };
const admin = 'arn:aws:iam::111122223333:role/KubernetesAdmin';

/** A shared config file of AWS. */
function configWith(text: string): string {
  const file = join(scratchFolder(), 'config');
  writeFileSync(file, text);
  return file;
}

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  countersign(args, { env: { ...dev.env, ...env } });

describe('countersign whoami', () => {
  test.each([
    ['a user', [], 'alice', 'developers'],
    ['a role', ['-r', admin], 'kubernetes-admin', 'system:masters'],
  ])('reports username and groups on a cluster of %s', async (_, args, username, group) => {
    const { code, stdout } = await run(['whoami', '-i', 'demo', '-o', 'json', ...args]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'verified', username, groups: [group] });
    expect((await run(['whoami', '-i', 'demo', ...args])).stdout).toMatch(
      new RegExp(`username +${username}\n`),
    );
  });

  test('reports why a caller is denied, with exit code 3', async () => {
    const { code, stdout } = await run(['whoami', '-i', 'demo'], mallory);
    expect(code).toBe(3);
    expect(stdout).toMatch(/code +principal_not_mapped\n/);
  });

  test.each([
    ['no endpoint', { COUNTERSIGN_ENDPOINT: '' }, 2, /No review host is known/],
    [
      'a host that is down',
      { COUNTERSIGN_REVIEW_ENDPOINT: 'http://127.0.0.1:1' },
      1,
      /could not be reached \(ECONNREFUSED\)/,
    ],
    ['an endpoint that is no URL', { COUNTERSIGN_REVIEW_ENDPOINT: 'reviews' }, 2, /must be an https URL/],
    [
      'plain HTTP beyond loopback',
      { COUNTERSIGN_REVIEW_ENDPOINT: 'http://example.com' },
      2,
      /must be an https URL/,
    ],
  ])('fails without an answer because of %s', async (_, env, code, sentence) => {
    const ended = await run(['whoami', '-i', 'demo'], env);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
  });
});

describe('countersign verify', () => {
  const tokenFor = async (cluster: string, args: readonly string[] = []): Promise<string> =>
    (await countersign(['token', '-i', cluster, ...args], { env: dev.env, printsToken: true })).stdout;

  const verify = (stdin: string): Promise<Ended> =>
    countersign(['verify', '-i', 'demo', '-o', 'json'], { env: { AWS_ENDPOINT_URL: dev.awsUrl }, stdin });

  test('asks STS for the identity of the token', async () => {
    const { code, stdout } = await verify(await tokenFor('demo'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'verified',
      arn: 'arn:aws:iam::111122223333:user/alice',
    });
  });

  test('reports the session name of a role', async () => {
    const named = await verify(await tokenFor('demo', ['-r', admin, '-s', 'deploy']));
    expect(JSON.parse(named.stdout)).toMatchObject({ sessionName: 'deploy' });
    const forwarded = await verify(await tokenFor('demo', ['-r', admin, '--forward-session-name']));
    expect(JSON.parse(forwarded.stdout)).toMatchObject({ sessionName: 'alice' });
  });

  test('denies a token for another cluster, with exit code 3', async () => {
    const { code, stdout } = await verify(await tokenFor('other'));
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'denied', code: 'signature_mismatch' });
  });
});

describe('a role that requires MFA', () => {
  const breakGlass = 'arn:aws:iam::111122223333:role/BreakGlass';
  const serial = 'arn:aws:iam::111122223333:mfa/carol';
  const carol = { AWS_ACCESS_KEY_ID: 'AKIADEMOCAROL0000001', AWS_SECRET_ACCESS_KEY: 'demo-secret-carol' };

  test('is assumed with the code that the user enters', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', dev.awsUrl);
    const source = { accessKeyId: carol.AWS_ACCESS_KEY_ID, secretAccessKey: carol.AWS_SECRET_ACCESS_KEY };
    const request = {
      roleArn: breakGlass,
      externalId: undefined,
      session: { name: 'carol' },
      region: undefined,
    };
    const mfa = (code: string) => ({ serial, ask: () => Promise.resolve(code) });
    expect(await assumeRole(source, { ...request, mfa: mfa('123456') })).toMatchObject({
      source: `role ${breakGlass}`,
    });
    await expect(assumeRole(source, { ...request, mfa: mfa('000000') })).rejects.toThrow(
      /could not be assumed/,
    );
    await expect(assumeRole(source, { ...request, mfa: undefined })).rejects.toThrow(/could not be assumed/);
  });

  test.each([
    ['by a flag', ['--mfa-serial', serial], {}],
    ['by the profile', [], { AWS_CONFIG_FILE: configWith(`[default]\nmfa_serial = ${serial}\n`) }],
  ])('fails without a terminal to ask for the code: %s', async (_, args, env) => {
    const ended = await run(['token', '-i', 'demo', '-r', breakGlass, ...args], { ...carol, ...env });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toBe(`countersign: There is no terminal to answer at: MFA code for ${serial}:\n`);
  });
});
