/** `npm start` as a user meets it. Global set-up has built dist/. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../fixtures/scale.ts';
import { script, startProcess, startReady, type Ready } from './dev-process.ts';

const has = (command: string): boolean =>
  spawnSync(process.platform === 'win32' ? 'where' : 'which', [command]).status === 0;

interface Review {
  readonly status: { authenticated: boolean; error?: string; user?: { username: string; groups: string[] } };
}

/** Runs shell lines with what was printed before them; the keys are the demo's. */
const sh = (dev: Ready, lines: string): string =>
  execFileSync(
    'bash',
    [
      '-euc',
      `${dev.paste
        .split('\n')
        .filter((line) => /^(?:export|unset|review\(\))/.test(line))
        .join('\n')}\n${lines}`,
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: scratch, HOME: scratch },
    },
  );

const review = async (dev: Ready, clusterId: string, token: string): Promise<Review> => {
  const webhookToken = clusterId === 'demo' ? 'demo-webhook-token' : `demo-webhook-token-of-${clusterId}`;
  const response = await fetch(`${dev.url}/v1/clusters/${clusterId}/tokenreviews`, {
    method: 'POST',
    headers: { authorization: `Bearer ${webhookToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
  });
  return (await response.json()) as Review;
};

const tokenOf = (dev: Ready, user: string, clusterId: string): string =>
  execFileSync(process.execPath, [script, 'token', '-i', clusterId, '--token-only', '--no-cache'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: scratch,
      XDG_CACHE_HOME: scratch,
      AWS_ENDPOINT_URL: dev.awsUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: `AKIADEMO${user.toUpperCase()}`.padEnd(19, '0').concat('1'),
      AWS_SECRET_ACCESS_KEY: `demo-secret-${user}`,
    },
  }).trim();

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

  it('says that it is ready, and shows a login', () => {
    expect(dev.stdout()).toMatch(/^Countersign is ready at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(dev.login).toBe('alice enters demo as alice, groups developers');
  });

  it.runIf(has('bash') && has('curl'))('what it prints works when it is pasted', () => {
    const lines = sh(dev, dev.paste).trim().split('\n');
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

  it('answers an apiserver’s health check', async () => {
    const response = await fetch(`${dev.url}/healthz`);
    expect([response.status, await response.text()]).toStrictEqual([200, 'ok']);
  });

  it('tells the holder of a token who they are', async () => {
    const response = await fetch(`${dev.url}/v1/clusters/demo/whoami`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf(dev, 'alice', 'demo')}` },
    });
    expect(await response.json()).toMatchObject({ outcome: 'verified', username: 'alice' });
  });

  it('refuses a token made for another cluster, and a webhook token of another cluster', async () => {
    const { status } = await review(dev, 'staging', tokenOf(dev, 'alice', 'demo'));
    expect(status.error).toMatch(/^signature_mismatch: /);
    const response = await fetch(`${dev.url}/v1/clusters/staging/tokenreviews`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo-webhook-token', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(401);
  });

  it('answers 404 where nothing is', async () => {
    expect((await fetch(`${dev.url}/nowhere`)).status).toBe(404);
  });

  it('refuses web pages', async () => {
    const response = await fetch(`${dev.url}/healthz`, { headers: { origin: 'https://evil.example' } });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'origin_refused' }]);
  });

  it('refuses a Host that is not loopback', async () => {
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

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${dev.url}/v1/clusters/demo/tokenreviews`, { method: 'POST', body: 'x' });
    expect([response.status, await response.json()]).toMatchObject([415, { code: 'media_type_refused' }]);
  });

  describe.runIf(has('aws') && has('bash'))('the AWS CLI takes the stand-ins for AWS', () => {
    it('sts get-caller-identity', () => {
      expect(JSON.parse(sh(dev, 'aws sts get-caller-identity --output json'))).toStrictEqual({
        UserId: 'AIDADEMOALICE00000001',
        Account: '111122223333',
        Arn: 'arn:aws:iam::111122223333:user/alice',
      });
    });

    it('sts assume-role', () => {
      const assume =
        'aws sts assume-role --role-arn arn:aws:iam::111122223333:role/KubernetesAdmin --role-session-name me';
      expect(sh(dev, `${assume} --query AssumedRoleUser.Arn --output text`).trim()).toBe(
        'arn:aws:sts::111122223333:assumed-role/KubernetesAdmin/me',
      );
    });

    it('iam get-group, all of its pages', () => {
      const keys = 'AWS_ACCESS_KEY_ID=AKIADEMOCOUNTERSIGN1 AWS_SECRET_ACCESS_KEY=demo-secret-countersign';
      expect(
        JSON.parse(
          sh(
            dev,
            `${keys} aws iam get-group --group-name developers --query 'Users[].UserName' --output json`,
          ),
        ),
      ).toStrictEqual(['alice', 'bob', 'dave']);
    });

    it('eks get-token gives a token that is let in', async () => {
      const token = sh(
        dev,
        'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true aws eks get-token --cluster-name demo --query status.token --output text',
      );
      expect((await review(dev, 'demo', token.trim())).status).toMatchObject({ user: { username: 'alice' } });
    });
  });

  it('a port in use is one clear line', async () => {
    const { port } = new URL(dev.url);
    const second = startProcess(['--port', port]);
    expect(await second.exited).toStrictEqual([1, null]);
    expect(second.stdout()).toBe('');
    expect(second.stderr()).toBe(
      `countersign: Port ${port} is in use: choose another with --port, or 0 for any that is free.\n`,
    );
  });
});

describe('countersign dev ends', () => {
  it.skipIf(process.platform === 'win32')(
    'cleanly within 2 s of SIGTERM, open connections included',
    async () => {
      const dev = await startReady();
      await fetch(`${dev.url}/healthz`);
      expect(await dev.end()).toBeLessThan(2000);
      expect(await dev.exited).toStrictEqual([0, null]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'within 2 s of a SIGTERM to npm start, which npm does not hand on',
    async () => {
      const parent = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ['${script}', 'dev', '--port', '0'], { stdio: 'inherit' });`;
      const npm = spawn(process.execPath, ['-e', parent], {
        env: { ...process.env, npm_lifecycle_event: 'start' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let printed = '';
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      await expect.poll(() => printed, { timeout: 15_000 }).toContain('exec plugin');
      const url = /ready at (\S+)/.exec(printed)![1]!;
      npm.kill('SIGTERM');
      // The pipe closes when the last process that holds it has ended.
      const started = performance.now();
      await once(npm, 'close');
      expect(performance.now() - started).toBeLessThan(2000);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
    },
  );

  it.each([
    [
      'a fixture that is not there',
      ['--fixture', 'nowhere.yaml'],
      1,
      'The fixture nowhere.yaml cannot be read: there is no such file.',
    ],
    [
      'a table elsewhere',
      ['--dynamodb-endpoint', 'https://dynamodb.eu-west-1.amazonaws.com'],
      1,
      '--dynamodb-endpoint must be an http URL of this machine',
    ],
    ['a port that is none', ['--port', 'http'], 2, '--port must be a whole number from 0 to 65535.'],
    [
      'a folder for a table elsewhere',
      ['--data', 'd', '--dynamodb-endpoint', 'http://127.0.0.1:1'],
      2,
      '--data is where the embedded table is kept',
    ],
    ['an STS that is none', ['--sts', 'moon'], 2, '--sts'],
  ])('with one clear line: %s', async (_, args, code, line) => {
    const dev = startProcess(['--port', '0', ...args]);
    expect(await dev.exited).toStrictEqual([code, null]);
    expect(dev.stderr()).toContain(line);
    expect(dev.stderr().trim().split('\n')).toHaveLength(1);
  });

  it('with the line and the field of a wrong fixture', async () => {
    const path = join(scratch, 'wrong.yaml');
    writeFileSync(path, 'clusters:\n  - id: demo\n    adminGroups: all\n');
    const dev = startProcess(['--port', '0', '--fixture', path]);
    expect(await dev.exited).toStrictEqual([1, null]);
    expect(dev.stderr()).toMatch(/wrong\.yaml is wrong: line 3, clusters\[0\]\.adminGroups: /);
  });
});

describe('countersign dev --data', () => {
  it('keeps everything over a restart, and says that the fixture was not used', async () => {
    const data = join(scratch, 'data');
    const fixture = join(scratch, 'kept.yaml');
    writeFileSync(fixture, readFileSync('dev/demo.yaml', 'utf8'));
    const first = await startReady(['--data', data, '--fixture', fixture]);
    expect(first.stderr()).not.toContain('were not used');
    await first.end();
    expect(existsSync(data)).toBe(true);
    // Without the mapping the fixture would let nobody in; the table still does.
    const text = readFileSync(fixture, 'utf8');
    writeFileSync(fixture, text.replace('username: alice\n', 'username: somebody-else\n'));
    const second = await startReady(['--data', data, '--fixture', fixture]);
    expect(second.stderr()).toContain(
      `The table holds data already: the records of ${fixture} were not used.`,
    );
    expect(second.login).toBe('alice enters demo as alice, groups developers');
    await second.end();
  });
});

describe('countersign dev --sts aws', () => {
  it('asks whatever AWS_ENDPOINT_URL_STS names, with the Host that was signed', async () => {
    const hosts: (string | undefined)[] = [];
    const sts = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          Error: { Code: 'InvalidClientTokenId', Message: 'x', Type: 'Sender' },
          RequestId: 'r',
        }),
      );
    });
    await new Promise<void>((resolve) => {
      sts.listen(0, '127.0.0.1', resolve);
    });
    process.env['AWS_ENDPOINT_URL_STS'] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    const local = await startReady();
    const dev = startProcess(['--port', '0', '--sts', 'aws']);
    delete process.env['AWS_ENDPOINT_URL_STS'];
    await expect.poll(() => dev.stdout(), { timeout: 15_000 }).toContain('Tokens are verified by AWS STS.');
    const url = /ready at (\S+)/.exec(dev.stdout())![1]!;
    const { status } = await review({ ...local, url }, 'demo', tokenOf(local, 'alice', 'demo'));
    expect(status.error).toMatch(/^credentials_invalid: /);
    expect(hosts).toStrictEqual(['sts.us-east-1.amazonaws.com']);
    dev.child.kill('SIGTERM');
    await Promise.all([dev.exited, local.end()]);
    sts.close();
  });
});

describe('a large fixture', () => {
  const size = cases(2000, 10_000);
  it(`of ${size} mappings is loaded in seconds, with progress`, { timeout: 120_000 }, async () => {
    const path = join(scratch, 'large.yaml');
    const mappings = Array.from(
      { length: size },
      (_, index) =>
        `  - { scope: cluster/demo, principal: { arn: "arn:aws:iam::111122223333:user/user-${index}" }, username: user-${index}, groups: [developers] }`,
    );
    const text = readFileSync('dev/demo.yaml', 'utf8');
    writeFileSync(path, text.replace('\nmappings:\n', `\nmappings:\n${mappings.join('\n')}\n`));
    const started = performance.now();
    const dev = await startReady(['--fixture', path]);
    const seconds = (performance.now() - started) / 1000;
    expect(dev.stderr()).toMatch(/Loading the fixture: \d+ of \d+ records/);
    expect(dev.login).toBe('alice enters demo as alice, groups developers');
    expect(seconds).toBeLessThan(60);
    await dev.end();
  });
});
