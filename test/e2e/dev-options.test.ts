/** How `countersign dev` ends, and its options. The global set-up has built dist/. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases } from '../fixtures/scale.ts';
import { review, tokenOf } from './dev-client.ts';
import { script, startProcess, startReady } from './dev-process.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('countersign dev ends', () => {
  test.skipIf(process.platform === 'win32')(
    'within 2 s of SIGTERM with exit code 0, although a connection is open',
    async () => {
      const dev = await startReady();
      await fetch(`${dev.url}/healthz`);
      expect(await dev.end()).toBeLessThan(2000);
      expect(await dev.exited).toStrictEqual([0, null]);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'within 2 s of a SIGTERM to npm start, which npm does not pass on',
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

  test.each([
    [
      'a fixture that does not exist',
      ['--fixture', 'nowhere.yaml'],
      1,
      'The fixture nowhere.yaml cannot be read: there is no such file.',
    ],
    [
      'a table on another machine',
      ['--dynamodb-endpoint', 'https://dynamodb.eu-west-1.amazonaws.com'],
      1,
      '--dynamodb-endpoint must be an http URL of this machine',
    ],
    ['an invalid port', ['--port', 'http'], 2, '--port must be a whole number from 0 to 65535.'],
    [
      'a folder for a table on another server',
      ['--data', 'd', '--dynamodb-endpoint', 'http://127.0.0.1:1'],
      2,
      '--data is the folder of the embedded table',
    ],
    ['an invalid STS', ['--sts', 'moon'], 2, '--sts'],
  ])('with one line of error for %s', async (_, args, code, line) => {
    const dev = startProcess(['--port', '0', ...args]);
    expect(await dev.exited).toStrictEqual([code, null]);
    expect(dev.stderr()).toContain(line);
    expect(dev.stderr().trim().split('\n')).toHaveLength(1);
  });

  test('with the file, the line and the field of an error in the fixture', async () => {
    const path = join(scratch, 'wrong.yaml');
    writeFileSync(path, 'clusters:\n  - id: demo\n    adminGroups: all\n');
    const dev = startProcess(['--port', '0', '--fixture', path]);
    expect(await dev.exited).toStrictEqual([1, null]);
    expect(dev.stderr()).toMatch(/wrong\.yaml:3: clusters\[0\]\.adminGroups: /);
  });
});

describe('countersign dev --data', () => {
  test('keeps its data over a restart, and reports that the fixture was not used', async () => {
    const data = join(scratch, 'data');
    const fixture = join(scratch, 'kept.yaml');
    writeFileSync(fixture, readFileSync('dev/demo.yaml', 'utf8'));
    const first = await startReady(['--data', data, '--fixture', fixture]);
    expect(first.stderr()).not.toContain('were not used');
    await first.end();
    expect(existsSync(data)).toBe(true);
    // Without the mapping the fixture would let no user in; the table still does.
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
  test('sends tokens to AWS_ENDPOINT_URL_STS, with the Host that was signed', async () => {
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
    const { status } = await review({ ...local, url }, 'demo', tokenOf(local, scratch, 'alice', 'demo'));
    expect(status.error).toMatch(/^credentials_invalid: /);
    expect(hosts).toStrictEqual(['sts.us-east-1.amazonaws.com']);
    dev.child.kill('SIGTERM');
    await Promise.all([dev.exited, local.end()]);
    sts.close();
  });
});

describe('a large fixture', () => {
  const size = cases(2000, 10_000);
  test(`of ${size} mappings is loaded within a minute, with progress`, { timeout: 120_000 }, async () => {
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
