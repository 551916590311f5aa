/** A user finds alone why they are not let in: `whoami`, `verify` and `doctor` against `countersign dev`. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assumeRole } from '../../cli/aws/assume-role.ts';
import { countersign, scratchFolder, startDev } from './cli-process.ts';
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

type Env = Readonly<Record<string, string>>;

const run = (args: readonly string[], env: Env = {}): Promise<Ended> =>
  countersign(args, { env: { ...dev.env, ...env } });

describe('countersign whoami', () => {
  it.each([
    ['oneself', [], 'alice', 'developers'],
    ['as a role', ['-r', admin], 'kubernetes-admin', 'system:masters'],
  ])('says who one is on a cluster: %s', async (_, args, username, group) => {
    const { code, stdout } = await run(['whoami', '-i', 'demo', '-o', 'json', ...args]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'verified', username, groups: [group] });
    expect((await run(['whoami', '-i', 'demo', ...args])).stdout).toMatch(
      new RegExp(`username +${username}\n`),
    );
  });

  it('says why one is not let in, with exit code 3', async () => {
    const { code, stdout } = await run(['whoami', '-i', 'demo'], mallory);
    expect(code).toBe(3);
    expect(stdout).toMatch(/code +principal_not_mapped\n/);
  });

  it.each([
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
  ])('fails where nobody can say: %s', async (_, env, code, sentence) => {
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

  it('has STS say whose token it is', async () => {
    const { code, stdout } = await verify(await tokenFor('demo'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'verified',
      arn: 'arn:aws:iam::111122223333:user/alice',
    });
  });

  it('knows the session name of a role', async () => {
    const named = await verify(await tokenFor('demo', ['-r', admin, '-s', 'deploy']));
    expect(JSON.parse(named.stdout)).toMatchObject({ sessionName: 'deploy' });
    const forwarded = await verify(await tokenFor('demo', ['-r', admin, '--forward-session-name']));
    expect(JSON.parse(forwarded.stdout)).toMatchObject({ sessionName: 'alice' });
  });

  it('says no, with exit code 3, to a token for another cluster', async () => {
    const { code, stdout } = await verify(await tokenFor('other'));
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'denied', code: 'signature_mismatch' });
  });
});

describe('a role that wants a second factor', () => {
  const breakGlass = 'arn:aws:iam::111122223333:role/BreakGlass';
  const serial = 'arn:aws:iam::111122223333:mfa/carol';
  const carol = { AWS_ACCESS_KEY_ID: 'AKIADEMOCAROL0000001', AWS_SECRET_ACCESS_KEY: 'demo-secret-carol' };

  it('is assumed with the code that the user gives', async () => {
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

  it.each([
    ['by a flag', ['--mfa-serial', serial], {}],
    ['by the profile', [], { AWS_CONFIG_FILE: configWith(`[default]\nmfa_serial = ${serial}\n`) }],
  ])('asks for it on a terminal, and says so where there is none: %s', async (_, args, env) => {
    const ended = await run(['token', '-i', 'demo', '-r', breakGlass, ...args], { ...carol, ...env });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toBe(`countersign: There is no terminal to answer at: MFA code for ${serial}:\n`);
  });
});

const kubeconfigOf = (exec: string): string => {
  const file = join(scratchFolder(), 'config');
  writeFileSync(
    file,
    `apiVersion: v1
kind: Config
current-context: demo
contexts: [{name: demo, context: {cluster: demo, user: me}}]
users: [{name: me, user: ${exec}}]
`,
  );
  return file;
};

/** A folder on the path that holds a program of this name. */
function pathWith(name: string): string {
  const folder = scratchFolder();
  const file = join(folder, process.platform === 'win32' ? `${name}.cmd` : name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
}

const plugin = (apiVersion: string): string =>
  `{exec: {apiVersion: client.authentication.k8s.io/${apiVersion}, command: countersign, args: [token, -i, demo]}}`;

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'skipped' | 'failed';
  readonly detail: string;
  readonly remedy?: string;
}

async function doctor(
  env: Env,
  args: readonly string[] = [],
): Promise<{ code: number | null; failed: Finding[]; all: Finding[] }> {
  const ended = await run(['doctor', '-i', 'demo', '-o', 'json', '--kubeconfig', 'none', ...args], env);
  const all = JSON.parse(ended.stdout) as Finding[];
  return { code: ended.code, all, failed: all.filter(({ state }) => state === 'failed') };
}

/** STS whose clock is off: what the caller's own wrong clock looks like. */
async function stsInAnHour(): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(403, { date: new Date(Date.now() + 3_600_000).toUTCString() });
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('countersign doctor', () => {
  it('finds nothing where all is well', async () => {
    const { code, failed, all } = await doctor({ PATH: pathWith('countersign') }, [
      '-r',
      admin,
      '--kubeconfig',
      kubeconfigOf(plugin('v1')),
    ]);
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(all.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'credentials ok',
      'clock ok',
      'role ok',
      'identity ok',
      'verdict ok',
      'kubeconfig ok',
      'cache ok',
    ]);
  });

  it('prints a line for each check, with the remedy', async () => {
    const { code, stdout } = await run(['doctor', '-i', 'demo', '--kubeconfig', 'none'], mallory);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ok {2}credentials {2}/m);
    expect(stdout).toMatch(/^NO {2}verdict +principal_not_mapped: .*; to mend it: ask an admin/m);
  });

  const file = join(scratchFolder(), 'not-a-folder');
  writeFileSync(file, '');
  const open = scratchFolder();
  mkdirSync(open, { recursive: true });

  it.each<[string, Env, string[], string, RegExp]>([
    [
      'no credentials',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      [],
      'credentials',
      /set AWS_ACCESS_KEY_ID.*aws sso login/,
    ],
    [
      'a profile that is not there',
      { AWS_ACCESS_KEY_ID: '', AWS_PROFILE: 'nobody' },
      [],
      'credentials',
      /set AWS_PROFILE to another/,
    ],
    [
      'a key that AWS does not know',
      { AWS_ACCESS_KEY_ID: 'AKIADEMONOBODY000001' },
      [],
      'identity',
      /check the credentials with aws sts/,
    ],
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, [], 'identity', /./],
    ['a role that may not be assumed', mallory, ['-r', admin], 'role', /trust policy/],
    ['another cluster id', {}, ['-i', 'no-such-cluster'], 'verdict', /./],
    ['not mapped', mallory, [], 'verdict', /ask an admin/],
    [
      'a review host that is down',
      { COUNTERSIGN_REVIEW_ENDPOINT: 'http://127.0.0.1:1', COUNTERSIGN_ENDPOINT: '' },
      [],
      'verdict',
      /check the endpoint/,
    ],
    ['no STS', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, [], 'clock', /check the network/],
    [
      'a user without a plugin',
      {},
      ['--kubeconfig', kubeconfigOf('{token: x}')],
      'kubeconfig',
      /countersign kubeconfig -i demo/,
    ],
    [
      'a plugin that is not on the path',
      {},
      ['--kubeconfig', kubeconfigOf(plugin('v1')), '--context', 'demo'],
      'kubeconfig',
      /install countersign/,
    ],
    [
      'an apiVersion that kubectl has dropped',
      {},
      ['--kubeconfig', kubeconfigOf(plugin('v1alpha1'))],
      'kubeconfig',
      /kubectl config set-credentials me --exec-api-version=/,
    ],
    [
      'a context that is not there',
      {},
      ['--kubeconfig', kubeconfigOf(plugin('v1')), '--context', 'nope'],
      'kubeconfig',
      /countersign kubeconfig/,
    ],
    ['a cache that cannot be used', { COUNTERSIGN_CACHE_DIR: file }, [], 'cache', /COUNTERSIGN_CACHE_DIR/],
  ])('has one failing line, with the remedy: %s', async (_, env, args, check, remedy) => {
    const { code, failed } = await doctor(env, args);
    expect(failed.map((finding) => finding.check)).toEqual([check]);
    expect(failed[0]?.remedy).toMatch(remedy);
    expect(code).toBe(3);
  });

  it('sees a wrong clock', async () => {
    const { url, close } = await stsInAnHour();
    const { failed } = await doctor({ AWS_ENDPOINT_URL: url });
    close();
    expect(failed.map(({ check, detail }) => [check, detail.replace(/\d+/, 'n')])).toEqual([
      ['clock', `n s behind ${new URL(url).host}`],
    ]);
  });

  it.skipIf(process.platform === 'win32')('sees tokens that others can read', async () => {
    const token = join(open, 'token-0.json');
    writeFileSync(token, '{}', { mode: 0o644 });
    chmodSync(token, 0o644);
    const { failed } = await doctor({ COUNTERSIGN_CACHE_DIR: open });
    expect(failed).toMatchObject([{ check: 'cache', remedy: `rm -r ${open}` }]);
  });

  it('sees a denial, as far as whoami may say it', async () => {
    const arn = 'arn:aws:iam::111122223333:user/alice';
    const { stdout } = await run(['denials', 'add', '--arn', arn, '--reason', 'test', '-o', 'json']);
    const { failed } = await doctor({});
    await run(['denials', 'delete', (JSON.parse(stdout) as { id: string }).id, '--yes']);
    expect(failed.map(({ check }) => check)).toEqual(['verdict']);
  });
});
