/** `npm start` as a user sees it. The global set-up has built dist/. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { review, sh, tokenOf, type Review } from './dev-client.ts';
import { startProcess, startReady, type Ready } from './dev-process.ts';

const has = (command: string): boolean =>
  spawnSync(process.platform === 'win32' ? 'where' : 'which', [command]).status === 0;

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('countersign dev', () => {
  let dev: Ready;
  beforeAll(async () => {
    dev = await startReady();
  });
  afterAll(async () => {
    await dev.end();
  });

  test('reports that it is ready, with a login', () => {
    expect(dev.stdout()).toMatch(/^Countersign is ready at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(dev.login).toBe('alice enters demo as alice, groups developers');
  });

  test.runIf(has('bash') && has('curl'))('prints instructions that work if they are pasted', () => {
    const lines = sh(dev, scratch, dev.paste).trim().split('\n');
    const [alice, admin, mallory] = lines.slice(0, 3).map((line) => JSON.parse(line) as Review);
    expect(alice?.status).toMatchObject({
      authenticated: true,
      user: { username: 'alice', groups: ['developers'] },
    });
    expect(admin?.status).toMatchObject({
      authenticated: true,
      user: { username: 'kubernetes-admin', groups: ['system:masters'] },
    });
    expect(mallory?.status.authenticated).toBe(false);
    expect(mallory?.status.error).toMatch(/^principal_not_mapped: /);
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({ kind: 'ExecCredential' });
  });

  test('answers an apiserver’s health check', async () => {
    const response = await fetch(`${dev.url}/healthz`);
    expect([response.status, await response.text()]).toStrictEqual([200, 'ok']);
  });

  test('answers whoami for the holder of a token', async () => {
    const response = await fetch(`${dev.url}/v1/clusters/demo/whoami`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf(dev, scratch, 'alice', 'demo')}` },
    });
    expect(await response.json()).toMatchObject({ outcome: 'verified', username: 'alice' });
  });

  test('refuses a token for another cluster, and a webhook token of another cluster', async () => {
    const { status } = await review(dev, 'staging', tokenOf(dev, scratch, 'alice', 'demo'));
    expect(status.error).toMatch(/^signature_mismatch: /);
    const response = await fetch(`${dev.url}/v1/clusters/staging/tokenreviews`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo-webhook-token', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(401);
  });

  test('answers 404 at an unknown path', async () => {
    expect((await fetch(`${dev.url}/nowhere`)).status).toBe(404);
  });

  test('refuses a request with an Origin', async () => {
    const response = await fetch(`${dev.url}/healthz`, { headers: { origin: 'https://evil.example' } });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'origin_refused' }]);
  });

  test('refuses a Host that is not loopback', async () => {
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(dev.url);
      const sent = httpRequest({
        host: '127.0.0.1',
        port,
        path: '/healthz',
        headers: { host: 'evil.example' },
      });
      sent
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  test('refuses a body that is not JSON', async () => {
    const response = await fetch(`${dev.url}/v1/clusters/demo/tokenreviews`, { method: 'POST', body: 'x' });
    expect([response.status, await response.json()]).toMatchObject([415, { code: 'media_type_refused' }]);
  });

  describe.runIf(has('aws') && has('bash'))('answers the AWS CLI', () => {
    test('at aws sts get-caller-identity', () => {
      expect(JSON.parse(sh(dev, scratch, 'aws sts get-caller-identity --output json'))).toStrictEqual({
        UserId: 'AIDADEMOALICE00000001',
        Account: '111122223333',
        Arn: 'arn:aws:iam::111122223333:user/alice',
      });
    });

    test('at aws sts assume-role', () => {
      const assume =
        'aws sts assume-role --role-arn arn:aws:iam::111122223333:role/KubernetesAdmin --role-session-name me';
      expect(sh(dev, scratch, `${assume} --query AssumedRoleUser.Arn --output text`).trim()).toBe(
        'arn:aws:sts::111122223333:assumed-role/KubernetesAdmin/me',
      );
    });

    test('at aws iam get-group, with all pages', () => {
      const keys = 'AWS_ACCESS_KEY_ID=AKIADEMOCOUNTERSIGN1 AWS_SECRET_ACCESS_KEY=demo-secret-countersign';
      expect(
        JSON.parse(
          sh(
            dev,
            scratch,
            `${keys} aws iam get-group --group-name developers --query 'Users[].UserName' --output json`,
          ),
        ),
      ).toStrictEqual(['alice', 'bob', 'dave']);
    });

    test('at a review with a token of aws eks get-token', async () => {
      const token = sh(
        dev,
        scratch,
        'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true aws eks get-token --cluster-name demo --query status.token --output text',
      );
      expect((await review(dev, 'demo', token.trim())).status).toMatchObject({ user: { username: 'alice' } });
    });
  });

  test('fails with one line if its port is in use', async () => {
    const { port } = new URL(dev.url);
    const second = startProcess(['--port', port]);
    expect(await second.exited).toStrictEqual([1, null]);
    expect(second.stdout()).toBe('');
    expect(second.stderr()).toBe(
      `countersign: Port ${port} is in use: choose another with --port, or 0 for any free port.\n`,
    );
  });
});
