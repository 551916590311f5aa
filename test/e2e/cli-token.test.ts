/** `countersign token` and `verify` as processes: what kubectl and a user get from them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliMetafile, fileOfEntry, loadedWith, sourcesIn } from '../fixtures/metafile.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice, countersign, oneSentence } from './cli-process.ts';
import type { RunOptions } from './cli-process.ts';

const token = (args: readonly string[], options: RunOptions = {}) =>
  countersign(['token', ...args], { ...options, printsToken: true });

const execInfo = (version: string): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion: `client.authentication.k8s.io/${version}`, spec: {} });

interface ExecCredential {
  readonly kind: string;
  readonly apiVersion: string;
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const urlOf = (text: string): URL =>
  new URL(Buffer.from(text.trim().replace('k8s-aws-v1.', ''), 'base64url').toString());

describe('countersign token', () => {
  test.each([
    ['v1beta1 by default', undefined, 'v1beta1'],
    ['v1 if kubectl requests it', 'v1', 'v1'],
    ['v1beta1 if kubectl requests it', 'v1beta1', 'v1beta1'],
  ])('token prints an ExecCredential of %s', async (_, asked, version) => {
    const env = { ...alice, ...(asked === undefined ? {} : { KUBERNETES_EXEC_INFO: execInfo(asked) }) };
    const { code, stdout, stderr } = await token(['-i', 'demo'], { env });
    const credential = JSON.parse(stdout) as ExecCredential;
    expect({ code, stderr, kind: credential.kind, apiVersion: credential.apiVersion }).toEqual({
      code: 0,
      stderr: '',
      kind: 'ExecCredential',
      apiVersion: `client.authentication.k8s.io/${version}`,
    });
    expect(credential.status.expirationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const left = Date.parse(credential.status.expirationTimestamp) - Date.now();
    expect(left).toBeGreaterThan(2 * 60_000);
    expect(left).toBeLessThan(15 * 60_000);
  });

  test.each([
    ['no region, by the global host', {}, [], 'sts.amazonaws.com', 'us-east-1'],
    ['AWS_REGION', { AWS_REGION: 'eu-west-1' }, [], 'sts.eu-west-1.amazonaws.com', 'eu-west-1'],
    [
      'AWS_DEFAULT_REGION',
      { AWS_DEFAULT_REGION: 'cn-north-1' },
      [],
      'sts.cn-north-1.amazonaws.com.cn',
      'cn-north-1',
    ],
    [
      '--region, before the environment',
      { AWS_REGION: 'eu-west-1' },
      ['--region', 'us-west-2'],
      'sts.us-west-2.amazonaws.com',
      'us-west-2',
    ],
    [
      'no endpoint variable',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      [],
      'sts.amazonaws.com',
      'us-east-1',
    ],
  ])('token signs for the STS host of %s', async (_, env, args, host, region) => {
    const { stdout } = await token(['-i', 'demo', '--token-only', ...args], { env: { ...alice, ...env } });
    const url = urlOf(stdout);
    expect(url.host).toBe(host);
    expect(url.searchParams.get('X-Amz-Credential')).toContain(`/${region}/sts/aws4_request`);
  });

  test.each([
    ['KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID', { KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID: 'demo' }],
    ['COUNTERSIGN_CLUSTER_ID', { COUNTERSIGN_CLUSTER_ID: 'demo' }],
  ])('token reads the cluster id from %s', async (_, env) => {
    expect((await token(['--token-only'], { env: { ...alice, ...env } })).code).toBe(0);
  });

  test.each([
    ['keys of the default profile', '[default]', {}],
    ['keys of a profile that AWS_PROFILE names', '[work]', { AWS_PROFILE: 'work' }],
  ])('token finds %s in the shared files', async (_, section, env) => {
    const folder = scratchFolder();
    const file = join(folder, 'credentials');
    writeFileSync(
      file,
      `${section}\naws_access_key_id = AKIADEMOALICE0000001\naws_secret_access_key=demo-secret-alice\nregion = eu-west-3\n`,
    );
    const { code, stdout } = await token(['-i', 'demo', '--token-only'], {
      env: { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, 'none'), ...env },
    });
    expect(code).toBe(0);
    expect(urlOf(stdout).host).toBe('sts.eu-west-3.amazonaws.com');
  });

  test.each([
    ['there is no cluster', [], alice, 2, /required option '-i, --cluster-id <id>'/],
    ['an option is unknown', ['-i', 'demo', '--nonsense'], alice, 2, /unknown option '--nonsense'/],
    ['an option has no value', ['-i'], alice, 2, /argument missing/],
    ['there is an argument too many', ['-i', 'demo', 'more'], alice, 2, /too many arguments/],
    [
      'there are two session names',
      ['-i', 'demo', '-s', 'a', '--forward-session-name'],
      alice,
      2,
      /cannot be used with/,
    ],
    [
      'the region does not exist',
      ['-i', 'demo', '--region', 'nowhere'],
      alice,
      2,
      /There is no AWS region nowhere/,
    ],
    [
      'kubectl requests a removed apiVersion',
      ['-i', 'demo'],
      { ...alice, KUBERNETES_EXEC_INFO: execInfo('v1alpha1') },
      1,
      /set the exec plugin's apiVersion/,
    ],
    [
      'KUBERNETES_EXEC_INFO is not JSON',
      ['-i', 'demo'],
      { ...alice, KUBERNETES_EXEC_INFO: '{' },
      1,
      /is not JSON/,
    ],
    ['there are no credentials', ['-i', 'demo'], {}, 1, /No AWS credentials were found/],
    [
      'the profile does not exist',
      ['-i', 'demo'],
      { AWS_PROFILE: 'nobody' },
      1,
      /There is no AWS profile nobody/,
    ],
    [
      'a role is requested while STS is down',
      ['-i', 'demo', '-r', 'arn:aws:iam::111122223333:role/R'],
      { ...alice, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' },
      1,
      /could not be assumed/,
    ],
  ])('token fails with one sentence if %s', async (_, args, env, code, sentence) => {
    const ended = await token(args, { env });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });

  test('token prints a stack trace with --debug', async () => {
    const { stderr } = await token(['-i', 'demo', '--debug']);
    expect(stderr).toMatch(/\n {4}at /);
  });
});

describe('countersign verify', () => {
  test('verify denies a malformed token without a call of STS, with exit code 3', async () => {
    const { code, stdout } = await countersign(['verify', '-i', 'demo', '-t', 'k8s-aws-v1.x', '-o', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      clusterId: 'demo',
      outcome: 'denied',
      code: 'token_malformed',
    });
  });

  test('verify fails with exit code 1 if STS cannot be reached', async () => {
    const { stdout } = await token(['-i', 'demo', '--token-only'], { env: alice });
    const ended = await countersign(['verify', '-i', 'demo'], {
      env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' },
      stdin: stdout,
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('sts_unreachable');
  });

  test.each([
    ['stdin is empty', [], '', /There is no token/],
    ['stdin holds something else', [], '{"status": {}}', /neither a token nor an ExecCredential/],
    ['the partition is unknown', ['--partition', 'mars'], 'x', /Allowed choices/],
  ])('verify fails with one sentence if %s', async (_, args, stdin, sentence) => {
    const ended = await countersign(['verify', '-i', 'demo', ...args], { stdin });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });
});

describe('what countersign token loads', () => {
  const metafile = cliMetafile();
  const files = new Set(
    ['cli/main.ts', 'cli/commands/token/token.ts'].flatMap((entry) => [
      ...loadedWith(metafile, fileOfEntry(metafile, entry)),
    ]),
  );

  test('token loads no package but commander at its start', () => {
    const packages = sourcesIn(metafile, files).map(
      (source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1],
    );
    expect([...new Set(packages.filter((name) => name !== undefined))]).toEqual(['commander']);
  });

  test.each(['lib/records/', 'lib/admin/', 'lib/json/', 'cli/terminal/table.ts', 'cli/admin-client/'])(
    'token loads nothing of %s at its start',
    (place) => {
      const loaded = sourcesIn(metafile, files).filter((source) => source.startsWith(place));
      // The help of record fields: text alone, which the specs of the commands hold.
      expect(loaded.filter((source) => source !== 'lib/records/field-help.ts')).toEqual([]);
    },
  );

  test('token loads at most 150 KB of code at its start', () => {
    const bytes = [...files].reduce((sum, file) => sum + metafile.outputs[file]!.bytes, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150_000);
  });
});
