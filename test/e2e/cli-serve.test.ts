/** `countersign serve` as a process: HTTPS, its certificate, health, metrics and a graceful shutdown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { capture } from '../fixtures/capture.ts';
import { parsePrometheusText } from '../fixtures/prometheus-text.ts';
import { cliMetafile, loadedWith } from '../fixtures/metafile.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice, cliScript, countersign, oneSentence } from './cli-process.ts';

const settings = {
  ...alice,
  COUNTERSIGN_TABLE: 'countersign',
  AWS_REGION: 'us-east-1',
  // Nothing listens there: reviews are answered with store_unavailable.
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
};

interface Serving {
  readonly port: number;
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly end: () => Promise<number | null>;
}

const running: Serving[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((serving) => serving.end()));
});

async function serve(args: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [cliScript, 'serve', '--port', '0', ...args], {
    env: { PATH: process.env['PATH'], HOME: scratchFolder(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /serves reviews at https:\/\/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    void exited.then(() => reject(new Error(stderr)));
  });
  const end = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const code = await exited;
    capture(stdout + stderr);
    return code;
  };
  const serving = { port, stdout: () => stdout, stderr: () => stderr, end };
  running.push(serving);
  return serving;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function ask(port: number, ca: string, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', authorization: 'Bearer wrong' };
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        ca,
        agent: false,
        method: body === undefined ? 'GET' : 'POST',
        headers,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode!, type: response.headers['content-type'] ?? '', body: text });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('countersign serve', () => {
  test('serve creates a certificate at its first start that a client can trust, and keeps it', async () => {
    const state = join(scratchFolder(), 'state');
    const first = await serve(['--state-dir', state, '--hostname', 'reviews.internal']);
    const ca = readFileSync(join(state, 'tls.crt'), 'utf8');
    expect(await ask(first.port, ca, '/healthz')).toMatchObject({ status: 200, body: 'ok' });
    expect(first.stderr()).toContain('reviews.internal');
    expect(await first.end()).toBe(0);
    const second = await serve(['--state-dir', state]);
    expect(readFileSync(join(state, 'tls.crt'), 'utf8')).toBe(ca);
    expect(await ask(second.port, ca, '/healthz')).toMatchObject({ status: 200 });
  });

  test.skipIf(process.platform === 'win32')(
    'the key of the self-signed certificate can be read by its owner only',
    async () => {
      const state = join(scratchFolder(), 'state');
      await serve(['--state-dir', state]);
      expect(statSync(join(state, 'tls.key')).mode & 0o777).toBe(0o600);
    },
  );

  test('serve decides as the functions do, logs the decision and counts it in /metrics', async () => {
    const state = join(scratchFolder(), 'state');
    const { port, stdout } = await serve(['--state-dir', state]);
    const ca = readFileSync(join(state, 'tls.crt'), 'utf8');
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'x' } };
    const answer = await ask(port, ca, '/v1/clusters/demo/tokenreviews', JSON.stringify(review));
    expect(answer.status).toBe(500);
    expect(stdout()).toContain('"code":"store_unavailable"');
    const metrics = await ask(port, ca, '/metrics');
    expect(metrics.type).toMatch(/^text\/plain; version=0\.0\.4/);
    const families = parsePrometheusText(metrics.body);
    expect(families.get('countersign_decisions_total')?.samples).toMatchObject([
      {
        labels: { function: 'token-review', cluster: '', outcome: 'unavailable', code: 'store_unavailable' },
        value: 1,
      },
    ]);
    expect(families.get('countersign_decision_duration_seconds')?.samples.at(-1)).toEqual({
      name: 'countersign_decision_duration_seconds_count',
      labels: { function: 'token-review' },
      value: 1,
    });
  });

  test('serve answers whoami with --whoami only', async () => {
    const state = join(scratchFolder(), 'state');
    const without = await serve(['--state-dir', state]);
    const ca = readFileSync(join(state, 'tls.crt'), 'utf8');
    expect((await ask(without.port, ca, '/v1/clusters/demo/whoami', '')).status).toBe(404);
    const withIt = await serve(['--state-dir', state, '--whoami']);
    expect((await ask(withIt.port, ca, '/v1/clusters/demo/whoami', '')).status).toBe(200);
  });

  test.each([
    ['there is no table', { COUNTERSIGN_TABLE: '' }, [], 2, /COUNTERSIGN_TABLE is missing/],
    [
      'there is neither a region nor a table, and names both',
      { COUNTERSIGN_TABLE: '', AWS_REGION: '' },
      [],
      2,
      /COUNTERSIGN_TABLE.*AWS_REGION/,
    ],
    ['there are no credentials', { AWS_ACCESS_KEY_ID: '' }, [], 1, /No AWS credentials/],
    ['the port is out of range', {}, ['--port', '99999'], 2, /--port must be a whole number/],
    ['a certificate has no key', {}, ['--tls-cert', 'x'], 2, /go together/],
    [
      'the certificate files do not exist',
      {},
      ['--tls-cert', 'x', '--tls-key', 'y'],
      2,
      /must be readable PEM files/,
    ],
  ])('serve fails with one sentence if %s', async (_, env, args, code, sentence) => {
    const ended = await countersign(['serve', '--port', '0', '--state-dir', scratchFolder(), ...args], {
      env: { ...settings, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });

  test('serve fails with a sentence if its port is in use, and if its files are not a certificate', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const state = scratchFolder();
    const busy = await countersign(['serve', '--port', String(port), '--state-dir', state], {
      env: settings,
    });
    taken.close();
    expect(busy.code).toBe(1);
    expect(busy.stderr).toContain(`Port ${port} of 127.0.0.1 is in use`);
    writeFileSync(join(state, 'tls.crt'), 'nothing');
    expect(existsSync(join(state, 'tls.key'))).toBe(true);
    const broken = await countersign(['serve', '--port', '0', '--state-dir', state], { env: settings });
    expect(broken.stderr).toContain('are not a certificate and its key');
  });
});

test('prom-client is loaded by countersign serve and by no other command', () => {
  const metafile = cliMetafile();
  const { outputs } = metafile;
  const hasPromClient = (file: string): boolean =>
    Object.keys(outputs[file]!.inputs).some((input) => input.includes('node_modules/prom-client/'));
  const loading = Object.entries(outputs)
    .filter(([file, { entryPoint }]) => entryPoint && [...loadedWith(metafile, file)].some(hasPromClient))
    .map(([, { entryPoint }]) => entryPoint);
  expect(loading).toEqual(['cli/commands/serve/serve.ts']);
});
