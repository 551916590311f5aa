/** The AWS CLI's shared files as the fast path reads them, compared with the AWS SDK for JavaScript. */
import { STSClient } from '@aws-sdk/client-sts';
import { fromIni } from '@aws-sdk/credential-providers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { resolveRegion } from '../../../cli/aws/region.ts';
import { parseSharedFile } from '../../../cli/aws/shared-config.ts';
import { staticCredentials } from '../../../cli/aws/static-credentials.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';

test('shared files may have comments, blanks, nested settings, and sections that occur twice', () => {
  const text =
    '# c\n[default]\nregion=eu-west-1 # here\n\n[ profile   a ]\nREGION = us-east-1\ns3 =\n  region = nested\n[default]\noutput = json\n';
  const sections = parseSharedFile(text);
  expect([...sections.get('default')!]).toEqual([
    ['region', 'eu-west-1'],
    ['output', 'json'],
  ]);
  expect(sections.get('profile a')?.get('region')).toBe('us-east-1');
});

const pair = (id: string): string => `aws_access_key_id = ${id}\naws_secret_access_key = s/+=${id}\n`;

/** Config file and credentials file. Each describes profile `a` by static keys, if by any. */
const sharedFiles: readonly (readonly [string, string, string])[] = [
  ['a plain profile', '[profile a]\nregion = eu-west-1\n', `[a]\n${pair('A')}`],
  ['a session token', '', `[a]\n${pair('A')}aws_session_token=t==\n`],
  ['keys in the config file', `[profile a]\nregion=eu-west-1\n${pair('A')}`, ''],
  ['another profile only', '[profile b]\nregion = eu-west-1\n', `[b]\n${pair('B')}`],
  [
    'Windows line ends',
    '[profile a]\r\nregion = eu-west-1\r\n',
    `[a]\r\n${pair('A').replaceAll('\n', '\r\n')}`,
  ],
  ['a byte order mark', '\uFEFF[profile a]\nregion = eu-west-1\n', `\uFEFF[a]\n${pair('A')}`],
  ['no newline at the end', '[profile a]\nregion = eu-west-1', `[a]\n${pair('A').trimEnd()}`],
  [
    'comments after values',
    '[profile a] ; mine\nregion = eu-west-1 ; home\n',
    `[a] # b\n${pair('A').replaceAll('\n', ' # c\n')}`,
  ],
  ['a value that is a comment', '[profile a]\nregion = # none\n', `[a]\n${pair('A')}`],
  ['# and ; within a value', '[profile a]\nregion = eu-west-1\noutput = a#b;c\n', `[a]\n${pair('A#;')}`],
  [
    'lines that are comments',
    '#[profile a]\n;x=y\n[profile a]\n  # z\nregion = eu-west-1\n',
    `;\n[a]\n${pair('A')}`,
  ],
  [
    'indented settings',
    '[profile a]\n  region = eu-west-1\n  output = json\n',
    `[a]\n\t${pair('A').replace('\n', '\n\t')}`,
  ],
  [
    'nested settings',
    '[profile a]\ns3 =\n  region = nested\n  aws_access_key_id = N\nregion = eu-west-1\n',
    `[a]\n${pair('A')}`,
  ],
  [
    'nested settings at the end',
    '[profile a]\nregion = eu-west-1\ns3 =\n  region = nested\n',
    `[a]\n${pair('A')}`,
  ],
  [
    'nested settings, then another section',
    '[profile b]\ns3 =\n[profile a]\n  region = eu-west-1\n',
    `[a]\n${pair('A')}`,
  ],
  ['an empty setting', '[profile a]\nregion =\n', `[a]\naws_session_token =\n${pair('A')}`],
  [
    'a section that occurs twice',
    '[profile a]\nregion = x\n[profile b]\n[profile a]\nregion = eu-west-1\n',
    `[a]\n${pair('A')}[a]\n${pair('B')}`,
  ],
  [
    'a setting that occurs twice',
    '[profile a]\nregion = x\nregion = eu-west-1\n',
    `[a]\n${pair('A')}${pair('B')}`,
  ],
  ['a quoted profile', '[profile "a"]\nregion = eu-west-1\n', `[a]\n${pair('A')}`],
  ['a profile in single quotes', "[profile 'a']\nregion = eu-west-1\n", `[a]\n${pair('A')}`],
  [
    'settings before any section',
    'region = x\n[profile a]\nregion = eu-west-1\n',
    `${pair('X')}[a]\n${pair('A')}`,
  ],
  [
    'lines that are not settings',
    '[profile a]\nnonsense\n= x\nregion = eu-west-1\n',
    `[a]\nwhat?\n${pair('A')}`,
  ],
  [
    'a default profile beside it',
    '[default]\nregion = x\n[profile a]\noutput = json\n',
    `[default]\n${pair('D')}[a]\n${pair('A')}`,
  ],
  ['"profile a" in the credentials file', '', `[profile a]\n${pair('A')}`],
  ['"a" without "profile" in the config file', `[a]\nregion = eu-west-1\n${pair('A')}`, ''],
  [
    'a region in the credentials file',
    '[profile a]\nregion = eu-west-1\n',
    `[a]\nregion = eu-west-2\n${pair('A')}`,
  ],
  ['a secret with =', '', '[a]\naws_access_key_id=A\naws_secret_access_key==x=y=\n'],
];

describe('the fast path and the AWS SDK agree on shared files', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** The SDK reads the process's environment only. */
  function sdkReads(env: Readonly<Record<string, string>>): void {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID']) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  }

  test.each(sharedFiles)(
    'static keys of a profile with %s are those of the SDK',
    async (_, config, credentials) => {
      const env = { ...writeSharedFiles(config, credentials), AWS_PROFILE: 'a' };
      sdkReads(env);
      const bySdk = await fromIni({ profile: 'a' })().catch(() => undefined);
      const found = staticCredentials(env);
      expect({ id: found?.accessKeyId, secret: found?.secretAccessKey, token: found?.sessionToken }).toEqual({
        id: bySdk?.accessKeyId,
        secret: bySdk?.secretAccessKey,
        token: bySdk?.sessionToken,
      });
    },
  );

  test.each(sharedFiles)(
    'the region of a profile with %s is that of the SDK',
    async (_, config, credentials) => {
      const env = { ...writeSharedFiles(config, credentials), AWS_PROFILE: 'a' };
      sdkReads(env);
      const bySdk = await new STSClient({}).config.region().catch(() => undefined);
      expect(resolveRegion(env)).toBe(bySdk);
    },
  );
});
