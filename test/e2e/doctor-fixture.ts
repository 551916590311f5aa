/** `countersign doctor` against `countersign dev`, and the set-ups of users. */
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { scratchFolder } from '../fixtures/scratch.ts';
import { countersign, startDev } from './cli-process.ts';
import type { Dev, Ended } from './cli-process.ts';

/** A copy of the demo, whose accounts a test may change. */
export const fixture = join(scratchFolder(), 'demo.yaml');
copyFileSync('dev/demo.yaml', fixture);

export let dev: Dev;
export async function startDoctor(): Promise<void> {
  dev = await startDev(['--fixture', fixture]);
}
export const stopDoctor = () => dev.end();

export const mallory = {
  AWS_ACCESS_KEY_ID: 'AKIADEMOMALLORY00001',
  AWS_SECRET_ACCESS_KEY: 'demo-secret-mallory',
};
export const bob = { AWS_ACCESS_KEY_ID: 'AKIADEMOBOB000000001', AWS_SECRET_ACCESS_KEY: 'demo-secret-bob' };
export const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
export const arnOf = (user: string): string => `arn:aws:iam::111122223333:user/${user}`;
export const admin = 'arn:aws:iam::111122223333:role/KubernetesAdmin';
export const nowhere = 'http://127.0.0.1:1';

export type Env = Readonly<Record<string, string>>;

export const run = (args: readonly string[], env: Env = {}): Promise<Ended> =>
  countersign(args, { env: { ...dev.env, ...env } });

/** Runs a command that must succeed, and returns the created record. */
export async function made(args: readonly string[]): Promise<{ id: string }> {
  const ended = await run([...args, '-o', 'json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ended.stdout) as { id: string };
}

export const kubeconfigOf = (exec: string): string => {
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
export function pathWith(name: string): string {
  const folder = scratchFolder();
  const file = join(folder, process.platform === 'win32' ? `${name}.cmd` : name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
}

export const plugin = (apiVersion: string): string =>
  `{exec: {apiVersion: client.authentication.k8s.io/${apiVersion}, command: countersign, args: [token, -i, demo]}}`;

/** What the user has set and typed. */
export interface SetUp {
  readonly env?: Env;
  readonly args?: readonly string[];
}

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'skipped' | 'failed';
  readonly detail: string;
  readonly remedy?: string;
}

export async function doctor({
  env,
  args = [],
}: SetUp): Promise<{ code: number | null; failed: Finding[]; all: Finding[] }> {
  const ended = await run(['doctor', '-i', 'demo', '-o', 'json', '--kubeconfig', 'none', ...args], env);
  const all = JSON.parse(ended.stdout) as Finding[];
  return { code: ended.code, all, failed: all.filter(({ state }) => state === 'failed') };
}
