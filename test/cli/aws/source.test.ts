/** Whose credentials are found, in the SDK's order of profiles, roles and hosts. */
import { writeFileSync } from 'node:fs';
import { fromIni } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findSource } from '../../../cli/aws/source.ts';
import type { Source } from '../../../cli/aws/source.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';
import { startCredentialSources } from '../../fixtures/credential-sources.ts';
import type { CredentialSources } from '../../fixtures/credential-sources.ts';
import { logIn, loginFile, newMachine, ssoSession } from '../../fixtures/logins.ts';
import type { Machine } from '../../fixtures/logins.ts';

let sources: CredentialSources;
beforeAll(async () => {
  sources = await startCredentialSources();
});
afterAll(() => sources.close());

const roleArn = (name: string): string => `role_arn = arn:aws:iam::111122223333:role/${name}\n`;
const keys = (who: string): string =>
  `aws_access_key_id = ASIA${who}\naws_secret_access_key = secret-${who}\n`;

function machineWith(config: string, env: Record<string, string | undefined> = {}): Machine {
  const machine = newMachine(sources);
  Object.assign(machine.env, env);
  writeFileSync(machine.env['AWS_CONFIG_FILE'] ?? '', config);
  for (const [name, value] of Object.entries(machine.env)) vi.stubEnv(name, value);
  return machine;
}

const sourceOf = (ask?: (question: string) => Promise<string>): Promise<Source> => {
  const terminal = { ...quietTerminal(), ...(ask === undefined ? {} : { ask }) };
  return findSource({ env: process.env, terminal, region: 'eu-west-1' });
};

const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: '/container/alice' };
const onHost = (source: string): string => `credential_source = ${source}\n`;

/** Config file, environment, and the beginning of the access key id that the SDK finds too. */
const searches: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
  [
    'a role',
    `[default]\n${roleArn('A')}source_profile = b\n[profile b]\n${keys('BOB')}`,
    {},
    /^ASIABOB\d+ROLE$/,
  ],
  [
    'its own keys',
    `[default]\n${roleArn('A')}source_profile = default\n${keys('BOB')}`,
    {},
    /^ASIABOB\d+ROLE$/,
  ],
  [
    'a role of a role',
    `[default]\n${roleArn('A')}source_profile = b\n[profile b]\n${roleArn('B')}source_profile = c\n[profile c]\n${keys('CAROL')}`,
    {},
    /^ASIACAROL\d+ROLE\d+ROLE$/,
  ],
  [
    'a source that has a role and keys, of which the keys win',
    `[default]\n${roleArn('A')}source_profile = b\n[profile b]\n${roleArn('B')}source_profile = c\n${keys('BOB')}[profile c]\n${keys('CAROL')}`,
    {},
    /^ASIABOB\d+ROLE$/,
  ],
  ['keys beside a role without a source', `[default]\n${roleArn('A')}${keys('BOB')}`, {}, /^ASIABOB$/],
  ['keys before a login', `[default]\n${ssoSession}${keys('BOB')}`, {}, /^ASIABOB$/],
  ['a container', `[default]\n${roleArn('A')}${onHost('EcsContainer')}`, container, /^ASIAALICE\d+ROLE$/],
  [
    'the container of a source profile',
    `[default]\n${roleArn('A')}source_profile = b\n[profile b]\n${onHost('EcsContainer')}`,
    container,
    /^ASIAALICE\d+ROLE$/,
  ],
];

describe('the credentials of a profile', () => {
  const urlOf = (env: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(env).map(([name, path]) => [name, sources.url + path]));

  test.each(searches)('are those of %s, as in the SDK', async (_, config, env, accessKeyId) => {
    machineWith(config, urlOf(env));
    const source = await sourceOf();
    const [found, bySdk] = [await source.credentials(), await fromIni({ ignoreCache: true })()];
    expect(found.accessKeyId).toMatch(accessKeyId);
    expect(bySdk.accessKeyId).toMatch(accessKeyId);
    expect(source.identity(Date.now())).toBeDefined();
  });

  test('are those of the instance if the profile names it', async () => {
    machineWith(`[default]\n${roleArn('A')}${onHost('Ec2InstanceMetadata')}`, {
      AWS_EC2_METADATA_DISABLED: undefined,
    });
    sources.onInstance = 'alice';
    expect((await (await sourceOf()).credentials()).accessKeyId).toMatch(/^ASIAALICE\d+ROLE$/);
    sources.onInstance = undefined;
  });

  test.each([
    [
      'a circle',
      `[default]\n${roleArn('A')}source_profile = b\n[profile b]\n${roleArn('B')}source_profile = b\n`,
      /leads in a circle: b, b/,
    ],
    [
      'a source that is not there',
      `[default]\n${roleArn('A')}source_profile = b\n`,
      /No AWS credentials were found \(.*\[b\]/,
    ],
    [
      'an unknown host',
      `[default]\n${roleArn('A')}${onHost('Moon')}`,
      /credential_source is Moon, not EcsContainer/,
    ],
    [
      'an empty environment',
      `[default]\n${roleArn('A')}${onHost('Environment')}`,
      /No AWS credentials were found/,
    ],
  ])('are not found in %s, with the reason in the message', async (_, config, sentence) => {
    machineWith(config);
    await expect(sourceOf()).rejects.toThrow(sentence);
  });
});

describe('an identity', () => {
  const identityOf = async (): Promise<string> => JSON.stringify((await sourceOf()).identity(Date.now()));
  const withRole = (settings: string): string =>
    `[default]\n${roleArn('A')}source_profile = b\n${settings}[profile b]\n${keys('BOB')}`;

  test.each([
    'external_id = x\n',
    'role_session_name = x\n',
    'duration_seconds = 900\n',
    'mfa_serial = x\n',
    roleArn('Z'),
  ])('is another one with another setting of the role: %j', async (setting) => {
    machineWith(withRole(''));
    const before = await identityOf();
    machineWith(withRole(setting));
    expect(await identityOf()).not.toBe(before);
  });

  test('of a login is another one with another account or role', async () => {
    const identities: string[] = [];
    for (const setting of ['', 'sso_account_id = 444455556666\n', 'sso_role_name = Viewer\n']) {
      logIn(machineWith(`[default]\n${ssoSession}${setting}`), 'corp', 'alice');
      identities.push(await identityOf());
    }
    expect(new Set(identities).size).toBe(3);
  });

  test.each(['{', '[]', 'null', '{}', '{"expiresAt":1}', '{"expiresAt":"soon"}'])(
    'of a login that cannot be read is not known: %j',
    async (text) => {
      const machine = machineWith(`[default]\n${ssoSession}`);
      logIn(machine, 'corp', 'alice');
      const source = await sourceOf();
      expect(source.identity(Date.now())).toBeDefined();
      writeFileSync(loginFile(machine, 'corp'), text);
      expect(source.identity(Date.now())).toBeUndefined();
    },
  );

  test('has no secret in it', async () => {
    machineWith(withRole(''));
    expect(await identityOf()).not.toContain('secret-');
  });
});

test('a role whose profile names an MFA device is assumed with a code, and names the session', async () => {
  machineWith(
    `[default]\n${roleArn('A')}source_profile = b\nmfa_serial = arn:aws:iam::111122223333:mfa/bob\n[profile b]\n${keys('BOB')}`,
  );
  const asked: string[] = [];
  const source = await sourceOf(async (question) => {
    asked.push(question);
    return '123456';
  });
  await source.credentials();
  expect(asked).toEqual(['MFA code for arn:aws:iam::111122223333:mfa/bob: ']);
});
