/** The faults that `countersign doctor` finds: how a user gets there, the failing check, the remedy, and how to follow it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { issueSession } from '../../dev/stand-ins/sts/session.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice } from './cli-process.ts';
import {
  dev,
  fixture,
  mallory,
  bob,
  noKeys,
  arnOf,
  admin,
  nowhere,
  run,
  made,
  kubeconfigOf,
  pathWith,
  plugin,
} from './doctor-fixture.ts';
import type { Env, SetUp } from './doctor-fixture.ts';

export interface Row {
  readonly name: string;
  readonly broken: () => SetUp | Promise<SetUp>;
  readonly check: string;
  readonly remedy: RegExp;
  /** Follows the remedy. */
  readonly fix: (remedy: string, broken: SetUp) => SetUp | Promise<SetUp>;
}

const undo: (() => Promise<unknown>)[] = [];
export async function undoAll(): Promise<void> {
  for (const step of undo.splice(0)) await step();
}

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const ca = join(scratchFolder(), 'ca.pem');
writeFileSync(ca, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');

/** Runs the command that the remedy is, its placeholders filled in. */
async function runRemedy(remedy: string): Promise<void> {
  const line = /(?:countersign|kubectl|rm) .+?(?=, or |$)/.exec(remedy)?.[0] ?? '';
  const [program, ...words] = line
    .replace(' URL ', ' https://127.0.0.1:6443 ')
    .replace(' FILE ', ` ${ca} `)
    .split(' ');
  if (program === 'countersign') {
    const ended = await run(words);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
  } else if (program === 'kubectl') execFileSync(program, words, { stdio: 'ignore' });
  else rmSync(words.at(-1)!, { recursive: true });
}

const fixByCommand: Row['fix'] = async (remedy, broken) => {
  await runRemedy(remedy);
  return broken;
};

/** Keys of an assumed KubernetesAdmin that end so many minutes from now. */
function sessionEnding(minutes: number): Env {
  const role = { arn: admin, id: 'AROADEMOKUBERNETESADM' } as Parameters<typeof issueSession>[0];
  const keys = issueSession(role, 'alice', Date.now() + minutes * 60_000);
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
  };
}

/** The shared credentials file of somebody with one profile. */
function profile(name: string): Env {
  const file = join(scratchFolder(), 'credentials');
  const [id, secret] = [alice.AWS_ACCESS_KEY_ID, alice.AWS_SECRET_ACCESS_KEY];
  writeFileSync(file, `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
  return { ...noKeys, AWS_SHARED_CREDENTIALS_FILE: file };
}

/** A process whose clock is an hour ahead. */
function clockAhead(): Env {
  const file = join(scratchFolder(), 'ahead.mjs');
  writeFileSync(file, 'const now = Date.now;\nDate.now = () => now() + 3_600_000;\n');
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

/** An admin of the role's account lets another user assume it. */
function trust(user: string): void {
  const text = readFileSync(fixture, 'utf8');
  undo.push(async () => writeFileSync(fixture, text));
  writeFileSync(
    fixture,
    text.replace(`trust: ['${arnOf('alice')}']`, `trust: ['${arnOf('alice')}', '${arnOf(user)}']`),
  );
}

async function map(user: string): Promise<void> {
  const args = ['--scope', 'cluster/demo', '--arn', arnOf(user), '--username', user, '--group', 'viewers'];
  const { id } = await made(['mappings', 'put', ...args]);
  undo.push(() => run(['mappings', 'delete', id, '--yes']));
}

const withKubeconfig = (exec: string, more: readonly string[] = []): SetUp => ({
  env: { PATH: pathWith('countersign') },
  args: ['--kubeconfig', kubeconfigOf(exec), ...more],
});

let denial = '';

export const rows: readonly Row[] = [
  {
    name: 'no credentials',
    broken: () => ({ env: noKeys }),
    check: 'credentials',
    remedy: /set AWS_ACCESS_KEY_ID.*aws sso login/,
    fix: () => ({ env: alice }),
  },
  {
    name: 'expired credentials',
    broken: () => ({ env: sessionEnding(-1) }),
    check: 'identity',
    remedy: /^log in to AWS again$/,
    fix: () => ({ env: sessionEnding(15) }),
  },
  {
    name: 'expired credentials, and a role',
    broken: () => ({ env: sessionEnding(-1), args: ['-r', admin] }),
    check: 'role',
    remedy: /^log in to AWS again$/,
    fix: () => ({ env: alice, args: ['-r', admin] }),
  },
  {
    name: 'a wrong profile',
    broken: () => ({ env: { ...profile('work'), AWS_PROFILE: 'wrok' } }),
    check: 'credentials',
    remedy: /^set AWS_PROFILE to another/,
    fix: (_, { env }) => ({ env: { ...env, AWS_PROFILE: 'work' } }),
  },
  {
    name: 'a key that AWS does not know',
    broken: () => ({ env: { AWS_ACCESS_KEY_ID: 'AKIADEMONOBODY000001' } }),
    check: 'identity',
    remedy: /check the credentials with aws sts/,
    fix: () => ({ env: alice }),
  },
  {
    name: 'a wrong secret',
    broken: () => ({ env: { AWS_SECRET_ACCESS_KEY: 'wrong' } }),
    check: 'identity',
    remedy: /^set both keys again/,
    fix: () => ({ env: alice }),
  },
  {
    name: 'a role that may not be assumed',
    broken: () => ({ env: bob, args: ['-r', admin] }),
    check: 'role',
    remedy: /^its trust policy must name your identity/,
    fix: (_, broken) => {
      trust('bob');
      return broken;
    },
  },
  {
    name: 'a wrong clock',
    broken: () => ({ env: clockAhead() }),
    check: 'clock',
    remedy: /^set the clock: /,
    fix: () => ({}),
  },
  {
    name: 'a wrong cluster id',
    broken: () => ({ args: ['-i', 'no-such-cluster'] }),
    check: 'verdict',
    remedy: /^give the id .*: -i,/,
    fix: () => ({ args: ['-i', 'demo'] }),
  },
  {
    name: 'somebody who is not mapped',
    broken: () => ({ env: mallory }),
    check: 'verdict',
    remedy: /^ask an admin/,
    fix: async (_, broken) => {
      await map('mallory');
      return broken;
    },
  },
  {
    name: 'somebody who is denied, as far as they may know',
    broken: async () => {
      denial = (await made(['denials', 'add', '--arn', arnOf('alice'), '--reason', 'test'])).id;
      return {};
    },
    check: 'verdict',
    remedy: /^ask an admin/,
    fix: async () => {
      await run(['denials', 'delete', denial, '--yes']);
      return {};
    },
  },
  {
    name: 'a review host that is down',
    broken: () => ({ env: { COUNTERSIGN_REVIEW_ENDPOINT: nowhere, COUNTERSIGN_ENDPOINT: '' } }),
    check: 'verdict',
    remedy: /^check the endpoint/,
    fix: () => ({ env: { COUNTERSIGN_REVIEW_ENDPOINT: dev.url, COUNTERSIGN_ENDPOINT: '' } }),
  },
  {
    name: 'an admin API that is down',
    broken: () => ({ env: { COUNTERSIGN_ENDPOINT: nowhere } }),
    check: 'verdict',
    remedy: /^check the endpoint/,
    fix: () => ({}),
  },
  {
    name: 'no STS',
    broken: () => ({ env: { AWS_ENDPOINT_URL: nowhere } }),
    check: 'clock',
    remedy: /^check the network/,
    fix: () => ({}),
  },
  {
    name: 'a user without a plugin',
    broken: () => withKubeconfig('{token: x}'),
    check: 'kubeconfig',
    remedy: /countersign kubeconfig -i demo .*--merge .*--yes/,
    fix: fixByCommand,
  },
  {
    name: 'a plugin for another cluster',
    broken: () => withKubeconfig(plugin('v1').replace('demo', 'staging'), ['--context', 'demo']),
    check: 'kubeconfig',
    remedy: /countersign kubeconfig -i demo .*--merge/,
    fix: fixByCommand,
  },
  {
    name: 'a plugin that is not on the path',
    broken: () => ({ args: withKubeconfig(plugin('v1'), ['--context', 'demo']).args ?? [] }),
    check: 'kubeconfig',
    remedy: /install countersign/,
    fix: (_, { args = [] }) => ({ env: { PATH: pathWith('countersign') }, args }),
  },
  {
    name: 'an apiVersion that kubectl has dropped',
    broken: () => withKubeconfig(plugin('v1alpha1')),
    check: 'kubeconfig',
    remedy: /^kubectl config set-credentials me --exec-api-version=/,
    fix: async (remedy, broken) =>
      hasKubectl ? fixByCommand(remedy, broken) : withKubeconfig(plugin('v1beta1')),
  },
  {
    name: 'a context that is not there',
    broken: () => withKubeconfig(plugin('v1'), ['--context', 'other']),
    check: 'kubeconfig',
    remedy: /countersign kubeconfig .*--context other/,
    fix: fixByCommand,
  },
  {
    name: 'a cache that cannot be used',
    broken: () => {
      const file = join(scratchFolder(), 'not-a-folder');
      writeFileSync(file, '');
      return { env: { COUNTERSIGN_CACHE_DIR: file } };
    },
    check: 'cache',
    remedy: /^rm -r .*, or set COUNTERSIGN_CACHE_DIR/,
    fix: fixByCommand,
  },
  {
    name: 'a cache that others can write to',
    broken: () => {
      const folder = join(scratchFolder(), 'cache');
      mkdirSync(folder);
      chmodSync(folder, 0o777);
      return { env: { COUNTERSIGN_CACHE_DIR: folder } };
    },
    check: 'cache',
    remedy: /^set COUNTERSIGN_CACHE_DIR to a folder that you own/,
    fix: () => ({ env: { COUNTERSIGN_CACHE_DIR: join(scratchFolder(), 'cache') } }),
  },
  {
    name: 'a cache that others can read',
    broken: () => {
      const folder = join(scratchFolder(), 'cache');
      mkdirSync(folder);
      writeFileSync(join(folder, 'token-0.json'), '{}');
      chmodSync(join(folder, 'token-0.json'), 0o644);
      return { env: { COUNTERSIGN_CACHE_DIR: folder } };
    },
    check: 'cache',
    remedy: /^rm .*token-0\.json$/,
    fix: fixByCommand,
  },
];
