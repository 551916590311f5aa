/** `countersign token` and `verify` as processes: what kubectl and people get from them. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice, cliScript, countersign, oneSentence } from './cli-process.ts';
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
  it.each([
    ['v1beta1 by default', undefined, 'v1beta1'],
    ['v1 where kubectl asks for it', 'v1', 'v1'],
    ['v1beta1 where kubectl asks for it', 'v1beta1', 'v1beta1'],
  ])('prints an ExecCredential: %s', async (_, asked, version) => {
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

  it.each([
    ['no region: the global host', {}, [], 'sts.amazonaws.com', 'us-east-1'],
    ['AWS_REGION', { AWS_REGION: 'eu-west-1' }, [], 'sts.eu-west-1.amazonaws.com', 'eu-west-1'],
    [
      'AWS_DEFAULT_REGION',
      { AWS_DEFAULT_REGION: 'cn-north-1' },
      [],
      'sts.cn-north-1.amazonaws.com.cn',
      'cn-north-1',
    ],
    [
      '--region wins',
      { AWS_REGION: 'eu-west-1' },
      ['--region', 'us-west-2'],
      'sts.us-west-2.amazonaws.com',
      'us-west-2',
    ],
    ['never an endpoint', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, [], 'sts.amazonaws.com', 'us-east-1'],
  ])('signs for the STS host of the region: %s', async (_, env, args, host, region) => {
    const { stdout } = await token(['-i', 'demo', '--token-only', ...args], { env: { ...alice, ...env } });
    const url = urlOf(stdout);
    expect(url.host).toBe(host);
    expect(url.searchParams.get('X-Amz-Credential')).toContain(`/${region}/sts/aws4_request`);
  });

  it.each([
    ['KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID', { KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID: 'demo' }],
    ['COUNTERSIGN_CLUSTER_ID', { COUNTERSIGN_CLUSTER_ID: 'demo' }],
  ])('takes the cluster id from %s', async (_, env) => {
    expect((await token(['--token-only'], { env: { ...alice, ...env } })).code).toBe(0);
  });

  it.each([
    ['keys of the default profile', '[default]', {}],
    ['keys of a profile that AWS_PROFILE names', '[work]', { AWS_PROFILE: 'work' }],
  ])('finds %s in the shared files', async (_, section, env) => {
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

  it.each([
    ['no cluster', [], alice, 2, /required option '-i, --cluster-id <id>'/],
    ['an unknown option', ['-i', 'demo', '--nonsense'], alice, 2, /unknown option '--nonsense'/],
    ['an option without its value', ['-i'], alice, 2, /argument missing/],
    ['a superfluous argument', ['-i', 'demo', 'more'], alice, 2, /too many arguments/],
    [
      'two session names',
      ['-i', 'demo', '-s', 'a', '--forward-session-name'],
      alice,
      2,
      /cannot be used with/,
    ],
    [
      'a region that is none',
      ['-i', 'demo', '--region', 'nowhere'],
      alice,
      2,
      /There is no AWS region nowhere/,
    ],
    [
      'an apiVersion that is gone',
      ['-i', 'demo'],
      { ...alice, KUBERNETES_EXEC_INFO: execInfo('v1alpha1') },
      1,
      /set the exec plugin's apiVersion/,
    ],
    [
      'KUBERNETES_EXEC_INFO that is not JSON',
      ['-i', 'demo'],
      { ...alice, KUBERNETES_EXEC_INFO: '{' },
      1,
      /is not JSON/,
    ],
    ['no credentials', ['-i', 'demo'], {}, 1, /No AWS credentials were found/],
    [
      'a profile that is not there',
      ['-i', 'demo'],
      { AWS_PROFILE: 'nobody' },
      1,
      /There is no AWS profile nobody/,
    ],
    [
      'a role where STS is down',
      ['-i', 'demo', '-r', 'arn:aws:iam::111122223333:role/R'],
      { ...alice, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' },
      1,
      /could not be assumed/,
    ],
  ])('says in one sentence what is wrong: %s', async (_, args, env, code, sentence) => {
    const ended = await token(args, { env });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });

  it('shows a stack only with --debug', async () => {
    const { stderr } = await token(['-i', 'demo', '--debug']);
    expect(stderr).toMatch(/\n {4}at /);
  });
});

/** A token is the same text for as long as the clock shows the same second. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

describe('the cache of tokens', () => {
  const withCache = (folder: string, more: Record<string, string> = {}): RunOptions => ({
    env: { ...alice, COUNTERSIGN_CACHE_DIR: folder, ...more },
  });
  const args = ['-i', 'demo', '--token-only'];

  it('gives the same token again, and keeps no key', async () => {
    const folder = join(scratchFolder(), 'cache');
    const first = await token(args, withCache(folder));
    await aSecond();
    const second = await token(args, withCache(folder));
    expect(second.stdout === first.stdout).toBe(true);
    const [file = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, file), 'utf8')).not.toContain('demo-secret');
  });

  it.skipIf(process.platform === 'win32')('is the user’s alone', async () => {
    const folder = join(scratchFolder(), 'cache');
    await token(args, withCache(folder));
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    expect(readdirSync(folder).map((file) => mode(join(folder, file)))).toEqual([0o600]);
  });

  it.each([
    ['another cluster', ['-i', 'other', '--token-only'], {}],
    ['another region', [...args, '--region', 'eu-west-1'], {}],
    [
      'another key',
      args,
      { AWS_ACCESS_KEY_ID: 'AKIADEMOMALLORY00001', AWS_SECRET_ACCESS_KEY: 'demo-secret-mallory' },
    ],
    ['--no-cache', [...args, '--no-cache'], {}],
  ])('is not asked for %s', async (_, otherArgs, env) => {
    const folder = scratchFolder();
    const first = await token(args, withCache(folder));
    if (otherArgs.includes('--no-cache')) await aSecond();
    const second = await token(otherArgs, withCache(folder, env));
    expect(second.code).toBe(0);
    expect(second.stdout === first.stdout).toBe(false);
  });

  it('keeps nothing with --no-cache', async () => {
    const folder = scratchFolder();
    await token([...args, '--no-cache'], withCache(folder));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not trust a file that others can read, nor one that is broken', async () => {
    const folder = scratchFolder();
    await token(args, withCache(folder));
    const file = join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, '{"token":');
    expect((await token(args, withCache(folder))).stdout).toMatch(/^k8s-aws-v1\./);
  });

  it('is not needed: a folder that cannot be used is no failure', async () => {
    const blocked = join(scratchFolder(), 'file');
    writeFileSync(blocked, '');
    const { code, stderr } = await token(args, withCache(blocked));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('holds whole tokens under parallel calls', async () => {
    const folder = scratchFolder();
    const ended = await Promise.all(Array.from({ length: 6 }, () => token(args, withCache(folder))));
    expect(ended.every(({ code, stdout }) => code === 0 && /^k8s-aws-v1\.[\w-]+\n$/.test(stdout))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('countersign verify', () => {
  it('refuses here what the grammar refuses, with exit code 3', async () => {
    const { code, stdout } = await countersign(['verify', '-i', 'demo', '-t', 'k8s-aws-v1.x', '-o', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      clusterId: 'demo',
      outcome: 'denied',
      code: 'token_malformed',
    });
  });

  it('fails where STS cannot be reached: that is no answer', async () => {
    const { stdout } = await token(['-i', 'demo', '--token-only'], { env: alice });
    const ended = await countersign(['verify', '-i', 'demo'], {
      env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' },
      stdin: stdout,
    });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('sts_unreachable');
  });

  it.each([
    ['nothing on stdin', [], '', /There is no token/],
    ['something else on stdin', [], '{"status": {}}', /neither a token nor an ExecCredential/],
    ['an unknown partition', ['--partition', 'mars'], 'x', /Allowed choices/],
  ])('needs a token: %s', async (_, args, stdin, sentence) => {
    const ended = await countersign(['verify', '-i', 'demo', ...args], { stdin });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });
});

describe('what a token costs', () => {
  /** Chunks that are loaded with a file: its static imports, and theirs. */
  const loadedWith = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(file)) return seen;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.mjs)"/g)) {
      loadedWith(join(file, '..', name!), seen);
    }
    return seen;
  };

  it('loads neither the AWS SDK nor YAML nor schemas, and under 150 KB in all', () => {
    const folder = join(cliScript, '..');
    const chunk = readdirSync(folder).find((name) => /^token-\w+\.mjs$/.test(name))!;
    const files = [...loadedWith(cliScript), ...loadedWith(join(folder, chunk))];
    const texts = [...new Set(files)].map((file) => readFileSync(file, 'utf8'));
    expect(
      texts.some((text) => text.includes('AssumeRoleWithWebIdentity') || text.includes('tag:yaml.org')),
    ).toBe(false);
    expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(150_000);
  });
});
