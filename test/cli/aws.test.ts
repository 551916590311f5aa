/** Credentials and region as the AWS CLI finds them, without the SDK where they are static. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sessionNameOf } from '../../cli/aws/assume-role.ts';
import { refreshedCredentials, staticCredentials } from '../../cli/aws/credentials.ts';
import { resolveRegion } from '../../cli/aws/region.ts';
import { parseSharedFile, sharedFilesStamp } from '../../cli/aws/shared-config.ts';
import { cacheDirectory } from '../../cli/token/cache.ts';
import { quietTerminal } from '../fixtures/cli-terminal.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

const home = scratchFolder();

function files(config: string, credentials = ''): Record<string, string> {
  const folder = mkdtempSync(join(home, 'files-'));
  const env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  writeFileSync(env.AWS_CONFIG_FILE, config);
  writeFileSync(env.AWS_SHARED_CREDENTIALS_FILE, credentials);
  return env;
}

const keys = 'aws_access_key_id = AKIAFILE\naws_secret_access_key = secret\n';
const inEnvironment = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'x' };

describe('the shared files', () => {
  it('are read with comments, blanks, nested settings, and sections that come twice', () => {
    const text =
      '# c\n[default]\nregion=eu-west-1 # here\n\n[ profile   a ]\nREGION = us-east-1\ns3 =\n  region = nested\n[default]\noutput = json\n';
    const sections = parseSharedFile(text);
    expect([...sections.get('default')!]).toEqual([
      ['region', 'eu-west-1'],
      ['output', 'json'],
    ]);
    expect(sections.get('profile a')?.get('region')).toBe('us-east-1');
  });

  it('have a stamp that changes with them', () => {
    const env = files('[default]\n');
    const before = sharedFilesStamp(env);
    writeFileSync(env['AWS_CONFIG_FILE']!, '[default]\nregion = x\n');
    expect(sharedFilesStamp(env)).not.toBe(before);
  });
});

describe('static credentials', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['of the environment', inEnvironment, 'AKIAENV'],
    [
      'of the environment, before a profile',
      { ...files('', `[default]\n${keys}`), ...inEnvironment },
      'AKIAENV',
    ],
    ['of the default profile', files('', `[default]\n${keys}`), 'AKIAFILE'],
    ['of a named profile', { ...files('', `[a]\n${keys}`), AWS_PROFILE: 'a' }, 'AKIAFILE'],
    ['in the config file', { ...files(`[profile a]\n${keys}`), AWS_PROFILE: 'a' }, 'AKIAFILE'],
    ['not half of them', { ...files(''), AWS_ACCESS_KEY_ID: 'AKIAENV' }, undefined],
    [
      'not those of a profile that assumes a role',
      { ...files('[profile a]\nrole_arn = x\n', `[a]\n${keys}`), AWS_PROFILE: 'a' },
      undefined,
    ],
    [
      'not those of a profile with SSO',
      { ...files('[profile a]\nsso_session = x\n', `[a]\n${keys}`), AWS_PROFILE: 'a' },
      undefined,
    ],
    ['not those of another profile', { ...files('', `[a]\n${keys}`), AWS_PROFILE: 'b' }, undefined],
  ])('%s', (_, env, accessKeyId) => expect(staticCredentials(env)?.accessKeyId).toBe(accessKeyId));

  it('keep a session token', () => {
    expect(staticCredentials({ ...inEnvironment, AWS_SESSION_TOKEN: 't' })?.sessionToken).toBe('t');
    expect(staticCredentials(inEnvironment)).not.toHaveProperty('sessionToken');
  });
});

describe('credentials of a process that stays', () => {
  it('are found again after some minutes, and not before', async () => {
    const env: Record<string, string> = { ...inEnvironment };
    let now = 0;
    const credentials = refreshedCredentials(
      { env, terminal: quietTerminal(), region: undefined },
      () => now,
    );
    const first = await credentials();
    env['AWS_ACCESS_KEY_ID'] = 'AKIANEXT';
    now = 299_000;
    expect(await credentials()).toBe(first);
    now = 301_000;
    expect((await credentials()).accessKeyId).toBe('AKIANEXT');
  });
});

describe('the region', () => {
  it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    ['the flag', { AWS_REGION: 'eu-west-1' }, 'us-west-2', 'us-west-2'],
    ['AWS_REGION', { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-1'],
    ['AWS_DEFAULT_REGION', { AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-2'],
    [
      'the profile',
      { ...files('[profile a]\nregion = eu-north-1\n'), AWS_PROFILE: 'a' },
      undefined,
      'eu-north-1',
    ],
    ['the default profile', files('[default]\nregion = sa-east-1\n'), undefined, 'sa-east-1'],
    ['none', files(''), undefined, undefined],
  ])('comes from %s', (_, env, flag, region) => expect(resolveRegion(env, flag)).toBe(region));
});

it.each([
  ['arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com', 'alice@example.com'],
  ['arn:aws:iam::111122223333:user/team/alice', 'alice'],
])('a forwarded session is named as its source: %s', (arn, name) => expect(sessionNameOf(arn)).toBe(name));

it.each<[NodeJS.Platform, Record<string, string>, RegExp]>([
  ['linux', { XDG_CACHE_HOME: '/x' }, /^.x.countersign$/],
  ['linux', {}, /\.cache.countersign$/],
  ['darwin', { XDG_CACHE_HOME: '/x' }, /Library.Caches.countersign$/],
  ['win32', { LOCALAPPDATA: 'C:\\L' }, /^C:\\L.countersign.cache$/],
  ['linux', { COUNTERSIGN_CACHE_DIR: '/mine' }, /^\/mine$/],
])('the cache on %s is where caches are', (platform, env, expected) => {
  expect(cacheDirectory(env, platform)).toMatch(expected);
});
